import type { JsonSchema } from '../schema/json-schema.ts';
import { faultSchema, problemSchema } from './problem-responses.ts';

export type Parameter = {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly required?: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly style?: 'form';
  readonly explode?: boolean;
};

export type Response = {
  readonly description: string;
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, object>>;
};

export type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Readonly<Record<string, object>> };
  readonly responses: Readonly<Record<string, Response>>;
  readonly servers?: readonly { readonly url: string; readonly description: string }[];
};

/** What one method of one path does; a document is a list of them and the schemas that they name. */
export type Endpoint = { readonly path: string; readonly method: 'get' | 'post'; readonly operation: Operation };

export type Schemas = Readonly<Record<string, JsonSchema>>;

type Parts = {
  readonly title: string;
  readonly description: string;
  readonly endpoints: readonly Endpoint[];
  readonly schemas: Schemas;
};

export type OpenapiDocument = {
  readonly openapi: string;
  readonly info: object;
  readonly tags: readonly { readonly name: string }[];
  readonly security: readonly [];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
};

/** The version of the HTTP API, not of any one release. */
const API_VERSION = '1.0.0';

/** An OpenAPI 3.1 document, paths in alphabetical order. No operation needs a token, as no service checks any. */
export function openapiDocument({ title, description, endpoints, schemas }: Parts): OpenapiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const { path, method, operation } of endpoints.toSorted((a, b) => (a.path < b.path ? -1 : 1)))
    paths[path] = { ...paths[path], [method]: operation };
  const tags = [...new Set(endpoints.flatMap(({ operation }) => operation.tags))].map((name) => ({ name }));
  return {
    openapi: '3.1.0',
    info: { title, version: API_VERSION, description, license: { name: 'MIT', identifier: 'MIT' } },
    tags,
    security: [],
    paths,
    components: { schemas: { ...schemas, Problem: problemSchema, Fault: faultSchema } },
  };
}

/** A response that is one JSON value, with the trace that every response carries. */
export const jsonResponse = (description: string, schema: JsonSchema, example: unknown): Response => ({
  description,
  headers: { traceparent: traceparentHeader },
  content: { 'application/json': { schema, examples: { example: { value: example } } } },
});

export const schemaRef = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

export const traceparentHeader = {
  description: 'The request’s place in its trace (W3C Trace Context).',
  schema: { type: 'string', pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$' },
};

/** `TicketedEvents` for `ticketed-events`: names in code for what a stream's name names. */
export const pascalCase = (name: string): string =>
  name
    .split('-')
    .map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`)
    .join('');
