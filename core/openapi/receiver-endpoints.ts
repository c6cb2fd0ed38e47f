import { problems } from '../problem/problems.ts';
import { inputSchema } from '../schema/input-schema.ts';
import type { JsonSchema } from '../schema/json-schema.ts';
import type { Stream } from '../schema/stream.ts';
import {
  type Endpoint,
  jsonResponse,
  type Operation,
  type Parameter,
  pascalCase,
  type Schemas,
  schemaRef,
} from './document.ts';
import { exampleOf } from './example-of.ts';
import { problemResponses } from './problem-responses.ts';
import { publicSchema } from './public-schema.ts';

/** The most records that one batch may hold. */
const MAX_BATCH_RECORDS = 5_000;

const EVENT_ID = '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a90';
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Makes a repeat harmless: the same key with the same content answers with the same `event_id`.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[A-Za-z0-9._:-]+$' },
  example: 'run-2026-03-14-1',
};

const traceparent: Parameter = {
  name: 'traceparent',
  in: 'header',
  description: 'A trace to continue (W3C Trace Context); a new one is begun without it.',
  schema: { type: 'string' },
  example: `00-${TRACE_ID}-00f067aa0ba902b7-01`,
};

/** One POST route per stream. */
export const receiverEndpoints = (streams: readonly Stream[]): Endpoint[] =>
  streams.map((stream) => ({ path: stream.path, method: 'post', operation: postOperation(stream) }));

/** The record of each stream as a client sends it, and the answers about records. */
export const receiverSchemas = (streams: readonly Stream[]): Schemas => ({
  ...Object.fromEntries(streams.map((stream) => [pascalCase(stream.name), publicSchema(inputSchema(stream))])),
  Accepted: acceptedSchema,
  BatchAnswer: batchAnswerSchema,
});

function postOperation(stream: Stream): Operation {
  const example = exampleOf(stream);
  const record = schemaRef(pascalCase(stream.name));
  const batch = { type: 'array', minItems: 1, maxItems: MAX_BATCH_RECORDS, items: record };
  const accepted = { event_id: EVENT_ID, partition: 0, offset: 41 };
  const refused = { index: 1, status: 400, errors: [{ pointer: '/event_id', message: 'must be a uuid' }] };
  return {
    operationId: `post${pascalCase(stream.name)}`,
    summary: `Add to the stream ${stream.name}: ${stream.doc || 'one record or many.'}`,
    description:
      'One record as a JSON object, or many as a JSON array or as newline-delimited JSON. Answers once Kafka has ' +
      'acknowledged with acks=all. A record of a batch that is refused does not hold up its neighbours.',
    tags: [stream.domain || 'streams'],
    parameters: [idempotencyKey, traceparent],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: { oneOf: [record, batch] },
          examples: { one: { summary: 'One record', value: example }, many: { summary: 'A batch', value: [example] } },
        },
        'application/x-ndjson': {
          schema: { type: 'string' },
          examples: { lines: { summary: 'A record a line', value: `${JSON.stringify(example)}\n` } },
        },
      },
    },
    responses: {
      201: jsonResponse(
        'Kafka has every record.',
        { oneOf: [schemaRef('Accepted'), schemaRef('BatchAnswer')] },
        {
          event_id: EVENT_ID,
          trace_id: TRACE_ID,
          topic: stream.topic,
          partition: 0,
          offset: 41,
        },
      ),
      207: jsonResponse('Some records of the batch are on Kafka; `results` says which.', schemaRef('BatchAnswer'), {
        accepted: 1,
        rejected: 1,
        results: [{ index: 0, status: 201, ...accepted }, refused],
      }),
      ...problemResponses(
        'invalid-record',
        'malformed-json',
        'malformed-body',
        'idempotency-conflict',
        'body-too-large',
        'unsupported-media-type',
        'too-many-requests',
        'kafka-unavailable',
        'saturated',
      ),
    },
    ...(stream.access === 'token' ? { security: [{ bearer: [] }] } : {}),
  };
}

const place: Readonly<Record<string, JsonSchema>> = {
  event_id: { type: 'string', format: 'uuid' },
  partition: { type: 'integer', minimum: 0 },
  offset: { type: 'integer', minimum: 0 },
};

const acceptedSchema: JsonSchema = {
  type: 'object',
  description: 'Where the record is on Kafka.',
  properties: { ...place, trace_id: { type: 'string', pattern: '^[0-9a-f]{32}$' }, topic: { type: 'string' } },
  required: ['event_id', 'trace_id', 'topic', 'partition', 'offset'],
  additionalProperties: false,
};

const batchAnswerSchema: JsonSchema = {
  type: 'object',
  description: 'What became of each record of a batch, in the order sent.',
  properties: {
    accepted: { type: 'integer', minimum: 0 },
    rejected: { type: 'integer', minimum: 0 },
    results: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          index: { type: 'integer', minimum: 0 },
          status: { type: 'integer', enum: [201, ...new Set(Object.values(problems).map(({ status }) => status))] },
          ...place,
          errors: { type: 'array', items: { type: 'object' } },
        },
        required: ['index', 'status'],
      },
    },
  },
  required: ['accepted', 'rejected', 'results'],
};
