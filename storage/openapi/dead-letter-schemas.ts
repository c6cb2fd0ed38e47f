import type { Schemas } from '@millrace/core/openapi/document';
import { instantSchema } from '@millrace/core/openapi/parameters';
import type { JsonSchema } from '@millrace/core/schema/json-schema';

export const LETTER = '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a91';
export const REDRIVE = '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a92';

const word = { type: 'string', pattern: '^[ -~]{1,249}$' };
export const count = { type: 'integer', minimum: 0 };
const nullable = (schema: { readonly type: string }) => ({ ...schema, type: [schema.type, 'null'] });
const base64 = { type: ['string', 'null'], contentEncoding: 'base64' };
const dateTime = { type: 'string', format: 'date-time' };

/** What picks dead letters, the same in a query and in a redrive. */
export const filters: Readonly<Record<string, JsonSchema>> = {
  stream: word,
  topic: word,
  stage: { type: 'string', enum: ['decode', 'table', 'insert', 'conflict'] },
  code: word,
  event_id: word,
  id: word,
  start_timestamp: instantSchema,
  end_timestamp: instantSchema,
};

export const letterExample = {
  id: LETTER,
  stream: 'running',
  topic: 'running',
  partition: 0,
  offset: 41,
  stage: 'decode',
  code: 'invalid-record',
  reason: "the value is not Avro in the registry's wire format",
  attempts: 1,
  event_id: null,
  key: 'ZDI5MGYxZWU=',
  headers: { traceparent: ['MDAtNGJm'] },
  appended_at: '2026-03-14T07:32:10.512Z',
  set_aside_at: '2026-03-14T07:32:10.630Z',
  redriven_at: null,
};

export const deadLetterSchemas: Schemas = {
  DeadLetter: {
    type: 'object',
    description: 'A record that could not be stored, and why. A list leaves out its value.',
    properties: {
      id: { type: 'string', format: 'uuid' },
      stream: { type: 'string' },
      topic: { type: 'string' },
      partition: { type: 'integer' },
      offset: { type: 'integer' },
      stage: filters.stage,
      code: { type: 'string' },
      reason: { type: 'string' },
      attempts: count,
      event_id: nullable({ type: 'string' }),
      key: base64,
      value: base64,
      headers: { type: 'object', additionalProperties: { type: 'array', items: { type: ['string', 'null'] } } },
      appended_at: dateTime,
      set_aside_at: dateTime,
      redriven_at: { ...dateTime, type: ['string', 'null'] },
    },
    required: Object.keys(letterExample),
    additionalProperties: false,
  },
  DeadLetterFilter: { type: 'object', properties: filters, additionalProperties: false },
};
