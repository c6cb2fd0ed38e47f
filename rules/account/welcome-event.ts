import type { CandidateRecord } from '@millrace/core/record/candidate-record';
import { v5 } from 'uuid';
import type { FirstRecord } from './first-records.ts';

/** The namespace of welcome events' ids: fixed for ever, or an account could be welcomed twice. */
const NAMESPACE = '2f6f0a58-3c1d-5b0a-9f6e-7d1f0b6c8e25';
export const WELCOME = 'welcome';
export const SOURCE = 'rules';

/** The same for the same account, however often it is asked for. */
export const welcomeId = (accountId: string): string => v5(accountId, NAMESPACE);

/** The event of an account's beginning. All of it follows from the log, so that one that is made again is the same. */
export const welcomeEvent = ({ accountId, appendTime }: FirstRecord): CandidateRecord => ({
  input: { account_id: accountId, type: WELCOME, occurred_at: new Date(appendTime).toISOString() },
  at: '',
  eventId: welcomeId(accountId),
  source: SOURCE,
});
