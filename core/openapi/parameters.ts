import { limits } from '../http/parameters.ts';
import type { Field } from '../schema/avro-type.ts';
import { fieldSchema } from '../schema/json-schema.ts';
import type { Parameter } from './document.ts';
import { publicSchema } from './public-schema.ts';

/** The query parameters that mean the same on every route; `core/http/parameters` reads them. */

const queryParameter = (name: string, description: string, schema: object, example?: unknown): Parameter => ({
  name,
  in: 'query',
  description,
  schema: { ...schema },
  ...(example === undefined ? {} : { example }),
});

export const instantSchema = publicSchema({ type: 'string', format: 'date-time' });

export const instantParameter = (name: string, description: string, example?: string): Parameter =>
  queryParameter(name, description, instantSchema, example);

export const limitParameter = queryParameter('limit', 'The most entries of one answer.', {
  type: 'integer',
  minimum: limits.min,
  maximum: limits.max,
  default: limits.initial,
});

export const maxLagParameter = queryParameter(
  'max_lag',
  'Rather 503 than an answer that is more records behind than this.',
  { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
);

export const orderParameter = (initial: 'asc' | 'desc'): Parameter =>
  queryParameter(
    'order',
    'Oldest or newest first.',
    { type: 'string', enum: ['asc', 'desc'], default: initial },
    initial,
  );

export const wholeNumberParameter = (name: string, description: string, example?: number): Parameter =>
  queryParameter(
    name,
    description,
    { type: 'integer', minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
    example,
  );

/** `field=value`: only what has this value. Of the field's limits its length is one of the question, too. */
export function filterParameter({ name, type, maxLength }: Field, example: unknown): Parameter {
  const field = { name, type, ...(maxLength !== undefined && { maxLength }) };
  return queryParameter(name, `Only where \`${name}\` is this.`, publicSchema(fieldSchema(field)), example);
}

export const cursorParameter: Parameter = {
  name: 'cursor',
  in: 'query',
  description: 'Where the page before ended: take it from its `Link` header.',
  schema: { type: 'string' },
};

export const csvParameter: Parameter = {
  name: 'csv',
  in: 'query',
  description: "Of CSV: `spreadsheet` puts a `'` before each cell that a spreadsheet would run as a formula.",
  schema: { type: 'string', enum: ['data', 'spreadsheet'], default: 'data' },
};
