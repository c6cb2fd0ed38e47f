import { type RequestHandler, Router } from 'express';
import type { Access } from '../access/access.ts';
import { Problem } from '../problem/problem.ts';

/** What a handler gets, so that services need not know whose they are. */
export type { Request, RequestHandler, Response } from 'express';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/**
 * One method of one path pattern, such as `/stats/running/:event_id`. A `get` also answers HEAD; an `all` is a path that is
 * known and takes no method, and its handler refuses them.
 */
export type Route = {
  readonly method: Method | 'all';
  readonly path: string;
  readonly access: Access;
  readonly handler: RequestHandler;
};

function allowedBy(method: Route['method']): string[] {
  if (method === 'all') return [];
  return method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()];
}

/**
 * What comes after the routes: OPTIONS is answered with `Allow`, another method on a known path is 405 with `Allow`,
 * and everything else 404. `Allow` is the union over every pattern that matches, as patterns may overlap.
 */
export function methodNotAllowed(routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true });
  const allowed = new WeakMap<object, Set<string>>();

  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).flatMap(({ method }) => allowedBy(method));
    router.all(path, (req, _res, next) => {
      allowed.set(req, new Set([...(allowed.get(req) ?? []), ...methods]));
      next();
    });
  }

  router.use((req, res) => {
    const methods = allowed.get(req);
    if (!methods) throw new Problem('not-found', `There is nothing at ${req.path}.`);
    const allow = [...methods, 'OPTIONS'].join(', ');
    if (req.method !== 'OPTIONS') {
      throw new Problem('method-not-allowed', `${req.path} takes ${allow}.`, { headers: { allow } });
    }
    res.set('allow', allow).status(204).end();
  });
  return router;
}
