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
      readonly key?: string;
      readonly partition: number;
      readonly offset: number;
    }
  | { readonly index: number; readonly status: number; readonly event_id?: string; readonly errors: readonly Fault[] };

/** The faults named in one answer; past them each rejected record still has its first. */
const MAX_FAULTS = 5_000;

/**
 * @param written the outcomes of the accepted records, in their order
 * @param withKeys where keys are generated, so that a client can't know them otherwise
 */
export function resultsOf(
  records: readonly (AcceptedRecord | RejectedRecord)[],
  written: readonly Written[],
  withKeys = false,
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
    const { eventId, key } = record;
    return resultOf(index, { event_id: eventId, ...(withKeys && { key }) }, outcomes.next().value);
  });
}

type Named = { readonly event_id: string; readonly key?: string };

function resultOf(index: number, named: Named, outcome: Written | undefined): Result {
  if (outcome === undefined) throw new Error('a record was written without an outcome');
  if ('at' in outcome) {
    const { partition, offset } = outcome.at;
    return { index, status: 201, ...named, partition, offset: Number(offset) };
  }
  const [status, message] =
    'conflict' in outcome
      ? [problems['idempotency-conflict'].status, CONFLICT]
      : [outcome.problem.status, outcome.problem.message];
  return { index, status, event_id: named.event_id, errors: [{ pointer: '', message }] };
}
