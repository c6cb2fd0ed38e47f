import type { z } from 'zod';
import { type Fault, Problem } from '../problem/problem.ts';
import { readJson } from './read-json.ts';
import type { Request } from './route-table.ts';

/** Enough for what people write by hand. */
const LIMIT = { limitBytes: 65_536 };

/** The body of a request, parsed. Throws `invalid-parameter` with every fault. */
export const readBodyAs = async <Value>(req: Request, schema: z.ZodType<Value>): Promise<Value> =>
  parseBody(await readJson(req, LIMIT), schema);

/** A body that was read already. Throws `invalid-parameter` with every fault. */
export function parseBody<Value>(body: unknown, schema: z.ZodType<Value>): Value {
  const { data, error } = schema.safeParse(body);
  if (error) throw invalidBody(faultsOf(error));
  return data;
}

export const invalidBody = (errors: readonly Fault[]): Problem =>
  new Problem(
    'invalid-parameter',
    errors.length === 1 ? '1 fault, see errors' : `${errors.length} faults, see errors`,
    { errors },
  );

/** The faults of a parsed body, each with its JSON pointer. */
export const faultsOf = (error: z.ZodError): Fault[] =>
  error.issues.flatMap((issue) => {
    const at = issue.path.map((part) => `/${String(part)}`).join('');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ pointer: `${at}/${key}`, message: 'is not known here' }));
    return [
      {
        pointer: at,
        message: issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message,
      },
    ];
  });
