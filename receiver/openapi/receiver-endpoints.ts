import { ingestInto } from '@millrace/core/access/access';
import {
  type Endpoint,
  jsonResponse,
  type Operation,
  type Parameter,
  pascalCase,
  type Response,
  schemaRef,
} from '@millrace/core/openapi/document';
import { exampleOf, rowExampleOf } from '@millrace/core/openapi/example-of';
import { onEachRoute } from '@millrace/core/openapi/on-each-route';
import { retryAfter } from '@millrace/core/openapi/problem-responses';
import type { JsonSchema } from '@millrace/core/schema/json-schema';
import type { Stream } from '@millrace/core/schema/stream';
import { MAX_BATCH_RECORDS } from '../accept/post-many.ts';
import { deleteEndpoints } from './delete-endpoints.ts';
import { cloudEventName } from './receiver-schemas.ts';
import { TRACE_ID, traceparentParameter } from './traceparent-parameter.ts';

const EVENT_ID = '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a90';

const PROBLEMS = [
  'invalid-record',
  'invalid-parameter',
  'malformed-json',
  'malformed-body',
  'request-aborted',
  'idempotency-conflict',
  'body-too-large',
  'unsupported-media-type',
  'too-many-requests',
  'kafka-unavailable',
  'saturated',
  'not-ready',
] as const;

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'Makes a repeat harmless: the same key with the same content answers with the same `event_id`. May stand in quotes.',
  schema: { type: 'string', pattern: '^([A-Za-z0-9._:-]{1,255}|"[A-Za-z0-9._:-]{1,255}")$' },
  example: 'run-2026-03-14-1',
};

/** Of every stream that clients write a POST route, and a DELETE route where it keeps the newest record of a key. */
export const receiverEndpoints = (streams: readonly Stream[]): Endpoint[] =>
  streams.flatMap((stream) => [...(stream.isPosted ? postEndpoints(stream) : []), ...deleteEndpoints(stream)]);

const postEndpoints = (stream: Stream): Endpoint[] =>
  onEachRoute(stream, { path: '', method: 'post', access: ingestInto(stream), operation: postOperation(stream) });

function postOperation(stream: Stream): Operation {
  return {
    operationId: `post${pascalCase(stream.name)}`,
    summary: `Add to the stream ${stream.name}: ${stream.doc || 'one record or many.'}`,
    description:
      'One record as a JSON object, many as a JSON array or a record a line, or CloudEvents 1.0 (structured, batched, and ' +
      'binary with `ce-` headers). Bodies may be compressed with gzip, deflate or br. Answers once Kafka has acknowledged with ' +
      'acks=all. A record of a batch that is refused does not hold up its neighbours; when all are refused for one reason, the ' +
      'problem also has `accepted`, `rejected` and `results`.',
    tags: [stream.domain || 'streams'],
    parameters: [idempotencyKey, traceparentParameter],
    requestBody: { required: true, content: bodies(stream) },
    responses: { 201: created(stream), 207: mixed(stream) },
    problems: PROBLEMS,
  };
}

function bodies(stream: Stream) {
  const record = schemaRef(pascalCase(stream.name));
  const event = schemaRef(cloudEventName(stream));
  const example = exampleOf(stream);
  const eventExample = { specversion: '1.0', id: 'a-1', source: '/app', type: stream.recordName, data: example };
  const many = (items: JsonSchema) => ({ type: 'array', minItems: 1, maxItems: MAX_BATCH_RECORDS, items });
  return {
    'application/json': {
      schema: { oneOf: [record, many(record)] },
      examples: { one: { summary: 'One record', value: example }, many: { summary: 'A batch', value: [example] } },
    },
    'application/x-ndjson': {
      schema: { type: 'string', description: 'A record a line.' },
      examples: { lines: { summary: 'A record a line', value: `${JSON.stringify(example)}\n` } },
    },
    'application/cloudevents+json': {
      schema: event,
      examples: { event: { summary: 'One event', value: eventExample } },
    },
    'application/cloudevents-batch+json': {
      schema: many(event),
      examples: { events: { summary: 'A batch of events', value: [eventExample] } },
    },
  };
}

const written = { event_id: EVENT_ID, partition: 0, offset: 41 };

function created(stream: Stream): Response {
  const answer = { oneOf: [schemaRef('Accepted'), schemaRef('BatchAnswer')] };
  const key = String(rowExampleOf(stream)[stream.key.name]);
  const example = { key, trace_id: TRACE_ID, topic: stream.topic, ...written };
  const response = jsonResponse('Kafka has every record.', answer, example);
  const location = { description: 'Where storage has the row of a single record.', schema: { type: 'string' } };
  const replayed = {
    description: '`true` when this came before with the same content: nothing was written again.',
    schema: { type: 'string', const: 'true' },
  };
  return { ...response, headers: { ...response.headers, location, 'idempotent-replayed': replayed } };
}

function mixed(stream: Stream): Response {
  const answer = jsonResponse(
    'The records of the batch fared differently; `results` says how.',
    schemaRef('BatchAnswer'),
    {
      topic: stream.topic,
      trace_id: TRACE_ID,
      accepted: 1,
      rejected: 1,
      results: [
        { index: 0, status: 201, ...written },
        { index: 1, status: 400, errors: [{ pointer: '/event_id', message: 'must be a uuid' }] },
      ],
    },
  );
  return { ...answer, headers: { ...answer.headers, ...retryAfter } };
}
