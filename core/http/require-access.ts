import type { RequestHandler } from 'express';
import type { ScopedAccess } from '../access/access.ts';
import type { Authorize } from '../access/authenticate.ts';
import type { Caller } from '../access/caller.ts';

declare global {
  namespace Express {
    interface Locals {
      /** Set before the handler of a route that is not public runs. */
      caller: Caller;
    }
  }
}

/** Lets a request pass whose caller has what the route asks for. */
export const requireAccess =
  (authorize: Authorize, access: ScopedAccess): RequestHandler =>
  async (req, res, next) => {
    res.locals.caller = await authorize(req, access);
    next();
  };
