import type { Database } from '@millrace/core/database/open-database';
import type { Route } from '@millrace/core/http/route-table';
import type { Stream } from '@millrace/core/schema/stream';
import { listingsStream } from './listings-stream.ts';
import { createSearchCache } from './search-cache.ts';
import { searchRoutes } from './search-routes.ts';

type Search = {
  readonly routes: readonly Route[];
  /** Called once rows of a stream have been stored. */
  onStored(stream: string): void;
};

/** The search over listings, where there are listings. */
export function openSearch(db: Database, streams: readonly Stream[], timeoutMs: number): Search {
  const stream = listingsStream(streams);
  if (!stream) return { routes: [], onStored: () => undefined };
  const cache = createSearchCache();
  return {
    routes: searchRoutes({ db, stream, cache, timeoutMs }),
    onStored(name) {
      if (name === stream.name) cache.invalidate();
    },
  };
}
