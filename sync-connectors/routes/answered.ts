import { SYNC } from '@millrace/core/access/access';
import { withDatabaseProblems } from '@millrace/core/database/with-database-problems';
import { parseBody, readBodyAs } from '@millrace/core/http/read-body-as';
import type { Method, Request, Response, Route } from '@millrace/core/http/route-table';
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
  handler: withDatabaseProblems(handle),
});

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** The parsed body, `{}` where a request has none. Throws `invalid-parameter` with every fault. */
export const readBodyIfAny = async <Value>(req: Request, schema: z.ZodType<Value>): Promise<Value> =>
  hasBody(req) ? readBodyAs(req, schema) : parseBody({}, schema);
