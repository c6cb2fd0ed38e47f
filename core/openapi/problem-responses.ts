import { type ProblemCode, problems } from '../problem/problems.ts';
import type { JsonSchema } from '../schema/json-schema.ts';

/** RFC 9457 as every service answers it. */
export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'What went wrong (RFC 9457). `errors` names every fault of the input at once.',
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(problems) },
    trace_id: { type: 'string', pattern: '^[0-9a-f]{32}$' },
    errors: { type: 'array', items: { $ref: '#/components/schemas/Fault' } },
    run_id: { type: 'string', format: 'uuid', description: 'With `already-running`: the run that has the connector.' },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'trace_id'],
};

export const faultSchema: JsonSchema = {
  type: 'object',
  description: 'One thing wrong with an input.',
  properties: {
    pointer: { type: 'string', description: 'A JSON pointer to the fault, such as `/distance` or `/query/limit`.' },
    message: { type: 'string' },
  },
  required: ['pointer', 'message'],
  additionalProperties: false,
};

export const retryAfter = {
  'retry-after': {
    description: 'Seconds to wait before the same request may work, or what of a batch was refused with 503.',
    schema: { type: 'string', pattern: '^\\d+$' },
  },
};

/** How a request to any route may fail: before a handler sees it, or by a bug of ours. */
export const everywhere = [
  'malformed-request',
  'request-timeout',
  'expectation-failed',
  'misdirected-request',
  'headers-too-large',
  'internal',
] as const satisfies readonly ProblemCode[];

export type ProblemResponse = {
  readonly description: string;
  readonly headers?: Readonly<Record<string, object>>;
  readonly content: Readonly<Record<string, object>>;
};

/**
 * The failed responses of an operation by status: its own problems and those of `everywhere`. Codes of one status share its
 * entry; one that has only codes of `everywhere` is in `sharedResponses`.
 * @param answered statuses that the operation also answers in another way, so that a reference is no use to it
 */
export function problemResponses(
  own: readonly ProblemCode[],
  answered: readonly string[] = [],
): Readonly<Record<string, ProblemResponse | { readonly $ref: string }>> {
  const ownStatuses = new Set<number>([...own.map((code) => problems[code].status), ...answered.map(Number)]);
  return Object.fromEntries(
    [...byStatus([...own, ...everywhere])].map(([status, codes]) => [
      String(status),
      ownStatuses.has(status) ? problemResponse(status, codes) : { $ref: `#/components/responses/${status}` },
    ]),
  );
}

function byStatus(codes: readonly ProblemCode[]): ReadonlyMap<number, ProblemCode[]> {
  const found = new Map<number, ProblemCode[]>();
  for (const code of codes) found.set(problems[code].status, [...(found.get(problems[code].status) ?? []), code]);
  return found;
}

function problemResponse(status: number, codes: readonly ProblemCode[]): ProblemResponse {
  const title = (code: ProblemCode) => `${problems[code].title} (\`${code}\`).`;
  return {
    description: codes.map(title).join(' '),
    ...(status === 429 || status === 503 ? { headers: retryAfter } : {}),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}

const exampleOf = (code: ProblemCode) => ({
  type: `urn:millrace:problem:${code}`,
  title: problems[code].title,
  status: problems[code].status,
  detail: DETAILS[code] ?? `${problems[code].title}.`,
  code,
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  ...(code in ERRORS ? { errors: ERRORS[code] } : {}),
});

const DETAILS: Partial<Record<ProblemCode, string>> = {
  'invalid-record': '1 fault, see errors',
  'invalid-parameter': 'Invalid query parameter: limit.',
};

const ERRORS: Partial<Record<ProblemCode, readonly object[]>> = {
  'invalid-record': [{ pointer: '/distance', message: 'must be >= 0' }],
  'invalid-parameter': [{ pointer: '/query/limit', message: 'must be a whole number from 1 to 1000' }],
};

/** `#/components/responses` of every document, by status. */
export const sharedResponses: Readonly<Record<string, object>> = Object.fromEntries(
  [...byStatus(everywhere)].map(([status, codes]) => [String(status), problemResponse(status, codes)]),
);
