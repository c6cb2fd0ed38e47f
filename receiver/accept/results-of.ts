import type { Fault } from '@millrace/core/problem/problem';
import { problems } from '@millrace/core/problem/problems';
import type { AcceptedRecord, RejectedRecord } from '@millrace/core/record/compile-record';
import { CONFLICT } from './conflict.ts';
import type { Written } from './write-records.ts';

/** The result of one record of a batch, under its index in it. */
export type Result =
  | {
      readonly index: number;
      readonly status: 201;
      readonly event_id: string;
      readonly partition: number;
      readonly offset: number;
    }
  | { readonly index: number; readonly status: number; readonly event_id?: string; readonly errors: readonly Fault[] };

/** The faults named in one answer; past them each rejected record still has its first. */
const MAX_FAULTS = 5_000;

/** @param written the outcomes of the accepted records, in their order */
export function resultsOf(
  records: readonly (AcceptedRecord | RejectedRecord)[],
  written: readonly Written[],
): Result[] {
  const outcomes = written.values();
  let room = MAX_FAULTS;
  return records.map((record, index) => {
    if (record.faults) {
      const errors = record.faults.slice(0, Math.max(1, room));
      room -= errors.length;
      const code = 'error' in record ? 'internal' : 'invalid-record';
      return { index, status: problems[code].status, errors };
    }
    return resultOf(index, record.eventId, outcomes.next().value);
  });
}

function resultOf(index: number, eventId: string, outcome: Written | undefined): Result {
  if (outcome === undefined) throw new Error('a record was written without an outcome');
  if ('at' in outcome) {
    const { partition, offset } = outcome.at;
    return { index, status: 201, event_id: eventId, partition, offset: Number(offset) };
  }
  const [status, message] =
    'conflict' in outcome
      ? [problems['idempotency-conflict'].status, CONFLICT]
      : [outcome.problem.status, outcome.problem.message];
  return { index, status, event_id: eventId, errors: [{ pointer: '', message }] };
}
