import type { Route } from '@millrace/core/http/route-table';
import type { Stream } from '@millrace/core/schema/stream';
import { createFindEvents } from '../ask/find-events.ts';
import type { ReaderPool } from '../ask/reader-pool.ts';
import type { KeptHistories } from '../keep-histories.ts';
import { freshnessOf } from '../order/freshness.ts';
import { indexRoutes } from './index-routes.ts';
import { statsRoute } from './stats-route.ts';

type RouteOptions = { readonly streams: readonly Stream[]; readonly kept: KeptHistories; readonly pool: ReaderPool };

/** Everything the analyzer answers. */
export function analyzerRoutes({ streams, kept, pool }: RouteOptions): Route[] {
  const historyOf = kept.history;
  const freshness = async () => {
    await kept.refresh();
    return freshnessOf(kept.numberings());
  };
  return [
    ...indexRoutes(streams, historyOf, createFindEvents(pool)),
    statsRoute({ streams, historyOf, pool, freshness }),
  ];
}
