import type { Access } from '../access/access.ts';
import type { ProblemCode } from '../problem/problems.ts';
import type { JsonSchema } from '../schema/json-schema.ts';
import {
  faultSchema,
  type ProblemResponse,
  problemResponses,
  problemSchema,
  sharedResponses,
} from './problem-responses.ts';
import {
  type AuthSettings,
  accessProblems,
  type SecurityRequirement,
  securityOf,
  securitySchemes,
} from './security.ts';

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
  /** When all goes well. */
  readonly responses: Readonly<Record<string, Response>>;
  /** Its own ways to fail, besides those that every operation has. */
  readonly problems: readonly ProblemCode[];
  readonly servers?: readonly Server[];
};

/** What one method of one path does; a document is a list of them and the schemas that they name. */
export type Endpoint = {
  readonly path: string;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** What the route asks of its caller: the document says it as `security`. */
  readonly access: Access;
  readonly operation: Operation;
};

export type Schemas = Readonly<Record<string, JsonSchema>>;

type Server = { readonly url: string; readonly description: string };

type Parts = {
  readonly title: string;
  readonly description: string;
  readonly servers: readonly Server[];
  /** What the operations under a tag have in common; a tag that is not here is a domain of streams. */
  readonly tags: Readonly<Record<string, string>>;
  readonly endpoints: readonly Endpoint[];
  readonly schemas: Schemas;
  readonly auth: AuthSettings;
};

/** An operation as the document has it: its problems are responses. */
export type DocumentedOperation = Omit<Operation, 'problems' | 'responses'> & {
  readonly security: readonly SecurityRequirement[];
  readonly responses: Readonly<Record<string, object>>;
};

export type OpenapiDocument = {
  readonly openapi: string;
  readonly info: object;
  readonly servers: readonly Server[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: object;
};

/** The version of the HTTP API, not of any one release. */
const API_VERSION = '1.0.0';

/**
 * An OpenAPI 3.1 document, paths in alphabetical order; every operation says what token it needs. Where two services answer one
 * route, the document of both has the operation of the later one: an alias such as `/accounts` is the analyzer's.
 */
export function openapiDocument(parts: Parts): OpenapiDocument {
  const { title, description, servers, endpoints, schemas, auth } = parts;
  const paths: Record<string, Record<string, DocumentedOperation>> = {};
  for (const { path, method, access, operation } of endpoints.toSorted((a, b) => (a.path < b.path ? -1 : 1)))
    paths[path] = { ...paths[path], [method]: documented(operation, access, auth) };
  const tags = [...new Set(endpoints.flatMap(({ operation }) => operation.tags))].map((name) => ({
    name,
    description: parts.tags[name] ?? `The streams of the domain ${name}.`,
  }));
  return {
    openapi: '3.1.0',
    info: { title, version: API_VERSION, description, license: { name: 'MIT', identifier: 'MIT' } },
    servers,
    tags,
    paths,
    components: {
      schemas: { ...schemas, Problem: problemSchema, Fault: faultSchema },
      responses: sharedResponses,
      securitySchemes: securitySchemes(
        endpoints.map(({ access }) => access),
        auth,
      ),
    },
  };
}

function documented(
  { problems, responses, ...operation }: Operation,
  access: Access,
  auth: AuthSettings,
): DocumentedOperation {
  const ways = access === 'public' ? problems : [...problems, ...accessProblems];
  const failed = problemResponses(ways, Object.keys(responses));
  const own = Object.entries(responses).map(([status, response]) => [status, merged(response, failed[status])]);
  return { ...operation, security: securityOf(access, auth), responses: { ...failed, ...Object.fromEntries(own) } };
}

/** A status that a route answers in its own way and as a problem has the media types of both. */
function merged(own: Response, problem: ProblemResponse | { readonly $ref: string } | undefined): Response {
  if (!problem || '$ref' in problem) return own;
  return {
    description: `${own.description} ${problem.description}`,
    headers: { ...own.headers, ...problem.headers },
    content: { ...own.content, ...problem.content },
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
