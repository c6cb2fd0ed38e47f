import { databaseProblem } from '@millrace/core/database/open-database';
import type { Request, Response, Route } from '@millrace/core/http/route-table';
import { problemOf } from '@millrace/core/problem/problem-of';
import { OauthError } from '../oauth/oauth-error.ts';

export type Handle = (req: Request, res: Response) => Promise<void>;

/**
 * A POST whose answers no cache may keep. It refuses as OAuth says; what the platform can't read or do is a problem as everywhere.
 * @param onRefused called with the code of every refusal
 */
export const createOauthRoute =
  (onRefused: (code: string) => void) =>
  (path: string, handle: Handle): Route => ({
    method: 'post',
    path,
    access: 'public',
    handler: async (req, res) => {
      res.set('cache-control', 'no-store');
      try {
        await handle(req, res);
      } catch (error) {
        if (!(error instanceof OauthError)) {
          const problem = problemOf(databaseProblem(error));
          onRefused(problem.code);
          throw problem;
        }
        onRefused(error.code);
        res.status(error.status).set(error.headers).json(error.body);
      }
    },
  });
