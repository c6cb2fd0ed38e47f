import type { ServerResponse } from 'node:http';
import { sendAnswer } from '@millrace/core/http/send-answer';
import { Problem } from '@millrace/core/problem/problem';
import type { CandidateRecord, RequestContext } from '@millrace/core/record/candidate-record';
import type { ToRecord } from '@millrace/core/record/compile-record';
import type { Stream } from '@millrace/core/schema/stream';
import { CONFLICT } from './conflict.ts';
import type { Write } from './write-records.ts';

type OneOptions = { readonly stream: Stream; readonly toRecord: ToRecord; readonly write: Write };

/**
 * Accepts one record and answers 201 with its offset once Kafka has acknowledged it. `Location` is where storage will have the
 * row: by event in an `append` stream, by key in an `upsert` one. Throws a `Problem` for everything else.
 */
export function postOne({ stream, toRecord, write }: OneOptions) {
  const { topic, path, store } = stream;

  return async (res: ServerResponse, candidate: CandidateRecord, context: RequestContext): Promise<void> => {
    const accepted = toRecord(candidate, context);
    if (accepted.faults && 'error' in accepted) throw accepted.error;
    if (accepted.faults)
      throw new Problem('invalid-record', summary(accepted.faults.length), { errors: accepted.faults });
    const [written] = await write(topic, [accepted]);
    if (!written) throw new Error('a record was written without an outcome');
    if ('problem' in written) throw written.problem;
    if ('conflict' in written) throw new Problem('idempotency-conflict', CONFLICT);
    const { eventId, key } = accepted;
    const { traceId, traceparent } = context;
    const { partition, offset } = written.at;
    const body = `{"event_id":"${eventId}","key":${JSON.stringify(key)},"trace_id":"${traceId}","topic":"${topic}","partition":${partition},"offset":${offset}}`;
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      location: `${path}/${encodeURIComponent(store === 'append' ? eventId : key)}`,
      traceparent,
    };
    sendAnswer(res, 201, written.replayed ? { ...headers, 'idempotent-replayed': 'true' } : headers, body);
  };
}

const summary = (count: number) => (count === 1 ? '1 fault, see errors' : `${count} faults, see errors`);
