import type { ServerResponse } from 'node:http';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import type { Intake, Taken } from './compile-intake.ts';
import { CONFLICT } from './conflict.ts';
import type { Arrival, Offer } from './offer.ts';
import type { Write } from './write-records.ts';

type OneOptions = { readonly stream: Stream; readonly intake: Intake; readonly write: Write };

/** Takes one record and answers 201 with its place once Kafka has acknowledged it. Throws a `Problem` for everything else. */
export function postOne({ stream, intake, write }: OneOptions) {
  const { topic } = stream;

  return async (res: ServerResponse, offer: Offer, arrival: Arrival): Promise<void> => {
    const taken = intake(offer, arrival);
    if (taken.faults) throw new Problem('invalid-record', summary(taken.faults.length), { errors: taken.faults });
    const [written] = await write(topic, [taken]);
    if (!written) throw new Error('a record was written without an outcome');
    if ('problem' in written) throw written.problem;
    if ('conflict' in written) throw new Problem('idempotency-conflict', CONFLICT);
    const { traceId, traceparent } = arrival;
    const { partition, offset } = written.at;
    const body = `{"event_id":"${taken.eventId}","trace_id":"${traceId}","topic":"${topic}","partition":${partition},"offset":${offset}}`;
    res.writeHead(201, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': body.length,
      location: locationOf(stream, taken),
      traceparent,
      ...(written.replayed && { 'idempotent-replayed': 'true' }),
    });
    res.end(body);
  };
}

/** Where storage will have the row: by event in an `append` stream, by key in an `upsert` one. */
function locationOf({ path, store }: Stream, { eventId, record }: Taken): string {
  return `${path}/${store === 'append' ? eventId : encodeURIComponent(String(record.key))}`;
}

const summary = (count: number) => (count === 1 ? '1 fault, see errors' : `${count} faults, see errors`);
