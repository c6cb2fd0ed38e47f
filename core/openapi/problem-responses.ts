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

/** The responses of an operation that may fail in these ways, by status. Codes of one status share its entry. */
export function problemResponses(...codes: readonly ProblemCode[]) {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) byStatus.set(problems[code].status, [...(byStatus.get(problems[code].status) ?? []), code]);
  return Object.fromEntries([...byStatus].map(([status, alike]) => [String(status), problemResponse(status, alike)]));
}

function problemResponse(status: number, codes: readonly ProblemCode[]) {
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
  'invalid-parameter': 'Not acceptable: limit.',
};

const ERRORS: Partial<Record<ProblemCode, readonly object[]>> = {
  'invalid-record': [{ pointer: '/distance', message: 'must be >= 0' }],
  'invalid-parameter': [{ pointer: '/query/limit', message: 'must be a whole number from 1 to 1000' }],
};
