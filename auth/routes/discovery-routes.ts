import { databaseProblem } from '@millrace/core/database/open-database';
import type { Route } from '@millrace/core/http/route-table';
import type { KeyRing } from '../key/key-ring.ts';
import { serverMetadata } from '../oauth/server-metadata.ts';

/** What a client and a service have to know: addresses and abilities, and the keys. A cache asks again, as a key may be new. */
export const discoveryRoutes = (issuer: string, ring: KeyRing): Route[] => [
  {
    method: 'get',
    path: '/.well-known/oauth-authorization-server',
    access: 'public',
    handler: (_req, res) => void res.json(serverMetadata(issuer)),
  },
  {
    method: 'get',
    path: '/.well-known/jwks.json',
    access: 'public',
    handler: async (_req, res) => {
      const keys = await ring.published().catch((error: unknown) => {
        throw databaseProblem(error);
      });
      res.set('cache-control', 'no-cache').json({ keys });
    },
  },
];
