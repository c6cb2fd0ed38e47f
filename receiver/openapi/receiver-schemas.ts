import { pascalCase, type Schemas, schemaRef } from '@millrace/core/openapi/document';
import { publicSchema } from '@millrace/core/openapi/public-schema';
import { problems } from '@millrace/core/problem/problems';
import { inputSchema } from '@millrace/core/schema/input-schema';
import type { JsonSchema } from '@millrace/core/schema/json-schema';
import type { Stream } from '@millrace/core/schema/stream';
import { takesDeletes } from '../remove/takes-deletes.ts';

/** The record of each stream as a client sends it, alone and as a CloudEvent, and the answers about records. */
export const receiverSchemas = (streams: readonly Stream[]): Schemas => ({
  ...Object.fromEntries(
    streams
      .filter(({ isPosted }) => isPosted)
      .flatMap((stream) => [
        [pascalCase(stream.name), publicSchema(inputSchema(stream))],
        [cloudEventName(stream), cloudEventSchema(stream)],
      ]),
  ),
  Accepted: acceptedSchema,
  ...(streams.some(takesDeletes) ? { Tombstone: tombstoneSchema } : {}),
  BatchAnswer: batchAnswerSchema,
});

export const cloudEventName = (stream: Stream): string => `${pascalCase(stream.name)}CloudEvent`;

/** An attribute of a CloudEvent: not empty, no control characters (CloudEvents 1.0.2, type system). */
const attribute = { type: 'string', pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$' };

function cloudEventSchema(stream: Stream): JsonSchema {
  return {
    type: 'object',
    description: `A CloudEvent 1.0 whose data is a record of ${stream.name}. Attributes beside these are let pass.`,
    properties: {
      specversion: { type: 'string', const: '1.0' },
      id: {
        ...attribute,
        description:
          'Becomes the `event_id`: as it is if it is a uuid, else derived from it and `source`, with a token also from its `sub`.',
      },
      source: {
        ...attribute,
        maxLength: 255,
        description: 'Who brought the event. With a token that is its `sub`, and this is a part of the event’s name.',
      },
      type: attribute,
      datacontenttype: { enum: ['application/json', null], description: 'Null is as if it were left out.' },
      data: schemaRef(pascalCase(stream.name)),
    },
    required: ['specversion', 'id', 'source', 'type', 'data'],
  };
}

const place: Readonly<Record<string, JsonSchema>> = {
  event_id: { type: 'string', format: 'uuid' },
  partition: { type: 'integer', minimum: 0 },
  offset: { type: 'integer', minimum: 0 },
};
const traceId = { type: 'string', pattern: '^[0-9a-f]{32}$' };

const key = { type: 'string', description: 'The record’s key on Kafka, as text.' };

const acceptedSchema: JsonSchema = {
  type: 'object',
  description: 'Where the record is on Kafka.',
  properties: { ...place, key, trace_id: traceId, topic: { type: 'string' } },
  required: ['event_id', 'key', 'trace_id', 'topic', 'partition', 'offset'],
  additionalProperties: false,
};

const tombstoneSchema: JsonSchema = {
  type: 'object',
  description: 'Where the tombstone is on Kafka.',
  properties: { key, trace_id: traceId, topic: { type: 'string' }, partition: place.partition, offset: place.offset },
  required: ['key', 'trace_id', 'topic', 'partition', 'offset'],
  additionalProperties: false,
};

const taken: JsonSchema = {
  type: 'object',
  properties: {
    index: { type: 'integer', minimum: 0 },
    status: { type: 'integer', const: 201 },
    ...place,
    key: { type: 'string', description: 'Where the stream generates keys.' },
  },
  required: ['index', 'status', 'event_id', 'partition', 'offset'],
  additionalProperties: false,
};

const refused: JsonSchema = {
  type: 'object',
  properties: {
    index: { type: 'integer', minimum: 0 },
    status: { type: 'integer', enum: [...new Set(Object.values(problems).map(({ status }) => status))] },
    event_id: place.event_id,
    errors: { type: 'array', items: schemaRef('Fault') },
  },
  required: ['index', 'status', 'errors'],
  additionalProperties: false,
};

const batchAnswerSchema: JsonSchema = {
  type: 'object',
  description: 'What became of each record of a batch, in the order sent.',
  properties: {
    topic: { type: 'string' },
    trace_id: traceId,
    accepted: { type: 'integer', minimum: 0 },
    rejected: { type: 'integer', minimum: 0 },
    results: { type: 'array', items: { oneOf: [taken, refused] } },
  },
  required: ['topic', 'trace_id', 'accepted', 'rejected', 'results'],
  additionalProperties: false,
};
