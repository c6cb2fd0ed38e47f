import { ADMIN } from '../access/access.ts';
import type { AppOptions } from './create-app.ts';
import type { Route } from './route-table.ts';

/** The four routes that every service has. `/healthz` says only that the event loop turns; `/readyz` asks the checks. */
export const serviceRoutes = ({
  name,
  metrics,
  ready,
  openapi,
}: Pick<AppOptions, 'name' | 'metrics' | 'ready' | 'openapi'>): Route[] => [
  {
    method: 'get',
    path: '/healthz',
    access: 'public',
    handler: (_req, res) => void res.json({ status: 'ok', service: name }),
  },
  {
    method: 'get',
    path: '/readyz',
    access: 'public',
    handler: async (_req, res) => {
      const { ok, checks } = await ready();
      res
        .status(ok ? 200 : 503)
        .set('cache-control', 'no-store')
        .json({ status: ok ? 'ready' : 'not ready', service: name, checks });
    },
  },
  {
    method: 'get',
    path: '/metrics',
    access: ADMIN,
    handler: async (_req, res) => {
      const text = await metrics.registry.metrics();
      res.set('content-type', metrics.registry.contentType).end(text);
    },
  },
  { method: 'get', path: '/openapi.json', access: 'public', handler: (_req, res) => void res.json(openapi()) },
];
