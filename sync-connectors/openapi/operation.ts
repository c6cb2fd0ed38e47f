import { SYNC } from '@millrace/core/access/access';
import {
  type Endpoint,
  jsonResponse,
  type Operation,
  type Parameter,
  schemaRef,
} from '@millrace/core/openapi/document';
import type { ProblemCode } from '@millrace/core/problem/problems';
import type { JsonSchema } from '@millrace/core/schema/json-schema';
import { RUN } from './sync-schemas.ts';

type Own = Omit<Operation, 'tags' | 'problems'> & { readonly problems?: readonly ProblemCode[] };

/** A route of connectors, with the ways to fail that all of them have. */
export const endpoint = (method: Endpoint['method'], path: string, { problems = [], ...own }: Own): Endpoint => ({
  path,
  method,
  access: SYNC,
  operation: { ...own, tags: ['sync'], problems: [...problems, 'database-unavailable'] },
});

const BODY_PROBLEMS = [
  'invalid-parameter',
  'malformed-json',
  'malformed-body',
  'request-aborted',
  'body-too-large',
  'unsupported-media-type',
] as const satisfies readonly ProblemCode[];

/** A JSON body and its ways to fail. A document can't say that a body may be left out where our `Operation` requires one: `{}` is the same. */
export const withBody = (
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
  example: object,
) => ({
  requestBody: {
    required: true as const,
    content: {
      'application/json': {
        schema: { type: 'object', properties, required, additionalProperties: false },
        examples: { example: { value: example } },
      },
    },
  },
  problems: BODY_PROBLEMS,
});

export const started = {
  202: {
    ...jsonResponse('The run has begun.', schemaRef('SyncStarted'), { run_id: RUN }),
    headers: {
      location: { description: 'The run.', schema: { type: 'string' } },
      ...jsonResponse('', {}, null).headers,
    },
  },
};

/** A part of the path. */
export const inPath = (name: string, description: string, example: string): Parameter => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
  example,
});
