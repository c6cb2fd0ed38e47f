import { ingestInto } from '@millrace/core/access/access';
import type { Request, Response, Route } from '@millrace/core/http/route-table';
import { sendAnswer } from '@millrace/core/http/send-answer';
import { Problem } from '@millrace/core/problem/problem';
import { compileTombstone } from '@millrace/core/record/compile-tombstone';
import { routesOf } from '@millrace/core/schema/routes-of';
import type { Stream } from '@millrace/core/schema/stream';
import type { Producer } from '@millrace/core/stream/create-producer';
import type { AdmitClient } from '../admit-client.ts';
import { takesDeletes } from './takes-deletes.ts';

type DeleteOptions = {
  readonly streams: readonly Stream[];
  readonly producer: Pick<Producer, 'produce'>;
  readonly partitionsOf: (stream: Stream) => number;
  readonly admit: AdmitClient;
};

/** `DELETE <path>/<key>` of every stream whose rows clients keep by key: writes a tombstone, whether or not there is a row. */
export const deleteRoutes = ({ streams, ...options }: DeleteOptions): Route[] =>
  streams.filter(takesDeletes).flatMap((stream) => {
    const handler = deleteRecord(stream, options);
    return routesOf(stream).map(
      (route): Route => ({ method: 'delete', path: `${route}/:key`, access: ingestInto(stream), handler }),
    );
  });

/** A body means nothing here and is not read. */
function deleteRecord(stream: Stream, { producer, partitionsOf, admit }: Omit<DeleteOptions, 'streams'>) {
  const { topic } = stream;
  const toTombstone = compileTombstone(stream, () => partitionsOf(stream));

  return async (req: Request, res: Response): Promise<void> => {
    admit(req, res.locals.caller);
    const { traceId, traceparent } = res.locals.trace;
    const tombstone = toTombstone(String(req.params.key), traceparent);
    if (tombstone.faults) throw refusal(tombstone.faults[0]?.message ?? '', stream.key.name);
    const [at] = await producer.produce(topic, [tombstone.record]);
    if (!at) throw new Error('Kafka acknowledged no record');
    const headers = { 'content-type': 'application/json; charset=utf-8', traceparent };
    const place = { topic, partition: at.partition, offset: Number(at.offset) };
    sendAnswer(res, 202, headers, JSON.stringify({ key: tombstone.key, trace_id: traceId, ...place }));
  };
}

function refusal(message: string, field: string): Problem {
  const errors = [{ pointer: `/path/${field}`, message }];
  return new Problem('invalid-parameter', `The ${field} in the path ${message}.`, { errors });
}
