import type { ScopedAccess } from '@millrace/core/access/access';
import type { Endpoint, Operation, Parameter } from '@millrace/core/openapi/document';
import { onEachRoute } from '@millrace/core/openapi/on-each-route';
import type { ProblemCode } from '@millrace/core/problem/problems';
import type { JsonSchema } from '@millrace/core/schema/json-schema';
import type { Stream } from '@millrace/core/schema/stream';
import { RULE } from './rule-examples.ts';

type Own = Omit<Operation, 'tags' | 'problems'> & { readonly problems?: readonly ProblemCode[] };

/** What may be wrong with a body. */
export const BODY: readonly ProblemCode[] = [
  ...(['invalid-parameter', 'malformed-json', 'malformed-body', 'request-aborted'] as const),
  ...(['body-too-large', 'unsupported-media-type'] as const),
];

export const inPath = (name: string, description: string, example: string): Parameter => ({
  ...{ name, in: 'path', required: true, description, schema: { type: 'string' }, example },
});
export const ruleId = inPath('rule_id', 'The rule.', RULE);

export const jsonBody = (schema: JsonSchema, value: unknown): NonNullable<Operation['requestBody']> => ({
  required: true,
  content: { 'application/json': { schema, examples: { example: { value } } } },
});

/** Operations on the routes of rules. */
export const operationsOn =
  (rules: Stream) =>
  (method: Endpoint['method'], path: string, access: ScopedAccess, { problems = [], ...own }: Own): Endpoint[] =>
    onEachRoute(rules, { path, method, access, operation: { ...own, tags: ['rules'], problems } });
