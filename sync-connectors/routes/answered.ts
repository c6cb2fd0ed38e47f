import { SYNC } from '@millrace/core/access/access';
import { databaseProblem } from '@millrace/core/database/open-database';
import { readJson } from '@millrace/core/http/read-json';
import type { Method, Request, Response, Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import type { z } from 'zod';

/** A route of connectors. */
export const route = (
  method: Method,
  path: string,
  handle: (req: Request, res: Response) => void | Promise<void>,
): Route => ({
  method,
  path,
  access: SYNC,
  handler: async (req, res) => {
    try {
      await handle(req, res);
    } catch (error) {
      throw databaseProblem(error);
    }
  },
});

const LIMIT = { limitBytes: 65_536 };

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** The parsed body, `{}` where a request has none. Throws `invalid-parameter` with every fault. */
export async function readBodyAs<Value>(req: Request, schema: z.ZodType<Value>): Promise<Value> {
  const { data, error } = schema.safeParse(hasBody(req) ? await readJson(req, LIMIT) : {});
  if (!error) return data;
  const errors = error.issues.flatMap((issue) => {
    const at = issue.path.map((part) => `/${String(part)}`).join('');
    if (issue.code !== 'unrecognized_keys') return [{ pointer: at, message: issue.message }];
    return issue.keys.map((key) => ({ pointer: `${at}/${key}`, message: 'is not known here' }));
  });
  throw new Problem(
    'invalid-parameter',
    errors.length === 1 ? '1 fault, see errors' : `${errors.length} faults, see errors`,
    {
      errors,
    },
  );
}

/** A part of the path, as text. */
export const parameter = ({ params }: Request, name: string): string => String(params[name] ?? '');
