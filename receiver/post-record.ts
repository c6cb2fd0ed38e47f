import type { IncomingMessage, ServerResponse } from 'node:http';
import { readJson } from '@millrace/core/http/read-json';
import type { Trace } from '@millrace/core/http/trace-context';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import type { Producer } from '@millrace/core/stream/create-producer';
import type { Intake } from './compile-intake.ts';

export type PostHandler = (req: IncomingMessage, res: ServerResponse, trace: Trace) => Promise<void>;

type PostOptions = {
  readonly stream: Stream;
  readonly intake: Intake;
  readonly producer: Producer;
  readonly maxBodyBytes: number;
};

/** Who brought a record, until a token says it. */
const ANONYMOUS = 'anonymous';

/** `POST <path>`: 201 once Kafka has acknowledged the record with acks=all. Throws a `Problem` for everything else. */
export function postRecord({ stream, intake, producer, maxBodyBytes }: PostOptions): PostHandler {
  const { topic, path } = stream;
  const limit = { limitBytes: maxBodyBytes };

  return async (req, res, { traceId, traceparent }) => {
    const input = await readJson(req, limit);
    const taken = intake(input, { traceId, traceparent, source: ANONYMOUS });
    if (taken.faults) throw new Problem('invalid-record', summary(taken.faults.length), { errors: taken.faults });
    const { eventId, record } = taken;
    const [written] = await producer.produce(topic, [record]);
    if (!written) throw new Error('the producer acknowledged nothing');
    const { partition, offset } = written;
    const body = `{"event_id":"${eventId}","trace_id":"${traceId}","topic":"${topic}","partition":${partition},"offset":${offset}}`;
    res.writeHead(201, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': body.length,
      location: `${path}/${eventId}`,
      traceparent,
    });
    res.end(body);
  };
}

const summary = (count: number) => (count === 1 ? '1 fault, see errors' : `${count} faults, see errors`);
