import type { Route } from '@millrace/core/http/route-table';
import type { OpenStreams } from '@millrace/core/record/open-streams';
import { type PostTable, postRoutes, postTable, type TableOptions } from './accept/post-table.ts';
import { admitClients } from './admit-client.ts';
import { closedRoutes } from './closed-routes.ts';
import { deleteRoutes } from './remove/delete-routes.ts';

type RoutesOptions = OpenStreams &
  Omit<TableOptions, 'admit'> & {
    /** Requests a second of one client; 0 takes any number. */
    readonly rateLimit: number;
    readonly trustedProxies: number;
  };

/** Every route of the receiver's own: the posts for the fast path, and all of them for Express. */
export function receiverRoutes({ partitionsOf, rateLimit, trustedProxies, ...options }: RoutesOptions): {
  readonly posts: PostTable;
  readonly routes: readonly Route[];
} {
  const admit = admitClients(rateLimit, trustedProxies);
  const streams = [...options.toRecords.keys()];
  const posts = postTable({ ...options, admit });
  const deletes = deleteRoutes({ streams, producer: options.producer, partitionsOf, admit });
  return { posts, routes: [...postRoutes(posts), ...deletes, ...closedRoutes(streams)] };
}
