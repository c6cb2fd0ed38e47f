import type { Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import { routesOf } from '@millrace/core/schema/routes-of';
import type { Stream } from '@millrace/core/schema/stream';
import { takesDeletes } from './remove/takes-deletes.ts';

/** Paths that streams have at storage and that take nothing here: 405 with the reason, where 404 would deny the path. */
export const closedRoutes = (streams: readonly Stream[]): Route[] =>
  streams.flatMap((stream) =>
    routesOf(stream).flatMap((path) => [
      ...(stream.isPosted ? [] : [closed(path, `${stream.name} is written by Millrace alone; storage has its rows.`)]),
      ...(takesDeletes(stream) ? [] : [closed(`${path}/:key`, reasonToKeep(stream))]),
    ]),
  );

const reasonToKeep = ({ name, store }: Stream): string =>
  store === 'append'
    ? `${name} keeps every record, so none can be changed or removed; storage has its rows.`
    : `${name} is written by Millrace alone; storage has its rows.`;

const closed = (path: string, reason: string): Route => ({
  method: 'all',
  path,
  access: 'public',
  handler: (req, _res, next) => {
    if (req.method === 'OPTIONS') return next();
    throw new Problem('method-not-allowed', reason, { headers: { allow: 'OPTIONS' } });
  },
});
