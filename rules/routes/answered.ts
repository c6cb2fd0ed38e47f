import { RULES, type ScopedAccess } from '@millrace/core/access/access';
import { withDatabaseProblems } from '@millrace/core/database/with-database-problems';
import type { Method, Request, Response, Route } from '@millrace/core/http/route-table';

export type Handle = (req: Request, res: Response) => Promise<void>;

/** A route of rules. */
export const route = (method: Method, path: string, handle: Handle, access: ScopedAccess = RULES): Route => ({
  ...{ method, path, access },
  handler: withDatabaseProblems(handle),
});
