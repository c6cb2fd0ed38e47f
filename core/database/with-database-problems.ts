import type { Request, RequestHandler, Response } from '../http/route-table.ts';
import { databaseProblem } from './open-database.ts';

/** A handler from which faults of the database come as what they mean to a caller. */
export const withDatabaseProblems =
  (handle: (req: Request, res: Response) => void | Promise<void>): RequestHandler =>
  async (req, res) => {
    try {
      await handle(req, res);
    } catch (error) {
      throw databaseProblem(error);
    }
  };
