import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import type { Route } from '@millrace/core/http/route-table';
import { formatInstant } from '@millrace/core/schema/rfc3339';
import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import type { ReaderPool } from '../ask/reader-pool.ts';
import { summarize } from '../ask/summarize.ts';
import type { Freshness } from '../order/freshness.ts';
import type { History } from '../store/open-history.ts';

type StatsOptions = {
  readonly streams: readonly Stream[];
  readonly historyOf: (stream: Stream) => History;
  readonly pool: ReaderPool;
  readonly freshness: () => Promise<Freshness>;
};

/** `GET /stats`: what every stream comes to, as of when. */
export function statsRoute({ streams, historyOf, pool, freshness }: StatsOptions): Route {
  return {
    method: 'get',
    path: '/stats',
    handler: async (req, res) => {
      parseQuery(z.object({}), queryOf(req.url));
      const { asOf, lag, lastUpdated } = await freshness();
      const summaries = await Promise.all(
        streams.map(async (stream) => ({ stream, summary: await summarize(pool, historyOf(stream).table) })),
      );
      res.json({
        ...Object.fromEntries(
          summaries.flatMap(({ stream, summary }) => (stream.countAs ? [[stream.countAs, summary.count]] : [])),
        ),
        streams: Object.fromEntries(summaries.map(({ stream, summary }) => [stream.name, summary])),
        as_of: asOf === undefined ? null : formatInstant(asOf),
        last_updated: lastUpdated === undefined ? null : formatInstant(lastUpdated),
        lag: Number(lag),
      });
    },
  };
}
