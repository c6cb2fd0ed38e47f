import { RULES, type ScopedAccess } from '@millrace/core/access/access';
import { databaseProblem } from '@millrace/core/database/open-database';
import { readJson } from '@millrace/core/http/read-json';
import type { Method, Request, Response, Route } from '@millrace/core/http/route-table';
import { type Fault, Problem } from '@millrace/core/problem/problem';
import type { z } from 'zod';
import { faultsOf } from '../rule/rule-record.ts';

const LIMIT = { limitBytes: 65_536 };

export type Handle = (req: Request, res: Response) => Promise<void>;

/** A route of rules. */
export const route = (method: Method, path: string, handle: Handle, access: ScopedAccess = RULES): Route => ({
  ...{ method, path, access },
  handler: async (req, res) => {
    try {
      await handle(req, res);
    } catch (error) {
      throw databaseProblem(error);
    }
  },
});

/** The parsed body. Throws `invalid-parameter` with every fault. */
export async function readBodyAs<Value>(req: Request, schema: z.ZodType<Value>): Promise<Value> {
  const { data, error } = schema.safeParse(await readJson(req, LIMIT));
  if (error) throw invalidBody(faultsOf(error));
  return data;
}

export const invalidBody = (errors: readonly Fault[]): Problem =>
  new Problem(
    'invalid-parameter',
    errors.length === 1 ? '1 fault, see errors' : `${errors.length} faults, see errors`,
    {
      errors,
    },
  );

/** A part of the path, as text. */
export const parameter = ({ params }: Request, name: string): string => String(params[name] ?? '');
