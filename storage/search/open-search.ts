import type { Database } from '@millrace/core/database/open-database';
import { nameLiteral } from '@millrace/core/database/sql-literal';
import type { Route } from '@millrace/core/http/route-table';
import type { Stream } from '@millrace/core/schema/stream';
import type { Beside } from '../write/open-sink.ts';
import { keepPlans } from './keep-plans.ts';
import { listingsStream } from './listings-stream.ts';
import { createSearchCache } from './search-cache.ts';
import { searchRoutes } from './search-routes.ts';

type Search = {
  /** By the stream's name: what keeps the search in step with its rows. */
  readonly beside: ReadonlyMap<string, Beside>;
  readonly routes: readonly Route[];
};

/** The search over listings, where there are listings. */
export function openSearch(db: Database, streams: readonly Stream[], timeoutMs: number): Search {
  const stream = listingsStream(streams);
  if (!stream) return { beside: new Map(), routes: [] };
  const cache = createSearchCache();
  const listings = nameLiteral(stream.table);
  const beside: Beside = { keep: (trx, changes) => keepPlans(trx, listings, changes), onStored: cache.invalidate };
  return { beside: new Map([[stream.name, beside]]), routes: searchRoutes({ db, stream, cache, timeoutMs }) };
}
