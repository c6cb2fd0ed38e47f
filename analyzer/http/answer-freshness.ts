import type { Response } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import { formatInstant } from '@millrace/core/schema/rfc3339';
import type { Stream } from '@millrace/core/schema/stream';
import type { KeptHistories } from '../epoch/keep-histories.ts';
import { type Freshness, freshnessOf } from '../order/freshness.ts';

/** `lag` is null when Kafka has not said how far `lag_unknown` are behind. */
export type FreshnessBody = {
  as_of: string | null;
  last_updated: string | null;
  lag: number | null;
  lag_unknown?: readonly string[];
};

/** Says how current an answer is. An answer that is more than `max_lag` records behind is refused with 503. */
export type AnswerFreshness = {
  body(streams: readonly Stream[], maxLag?: number): Promise<FreshnessBody>;
  /** `as-of` and `lag` as headers, for answers whose body is the event itself. Asks Kafka only when there is a `maxLag`. */
  setHeaders(res: Response, stream: Stream, maxLag?: number): Promise<void>;
};

export function answerFreshness(kept: Pick<KeptHistories, 'freshness' | 'refresh'>): AnswerFreshness {
  return {
    async body(streams, maxLag) {
      const freshness = of(streams, await kept.refresh());
      refuseLag(freshness, maxLag);
      return inJson(freshness);
    },
    async setHeaders(res, stream, maxLag) {
      const freshness = of([stream], maxLag === undefined ? undefined : await kept.refresh());
      refuseLag(freshness, maxLag);
      const { as_of, lag } = inJson(freshness);
      if (as_of !== null) res.set('as-of', as_of);
      res.set('lag', lag === null ? 'unknown' : String(lag));
    },
  };

  function of(streams: readonly Stream[], askedSince?: number): Freshness {
    const fresh = kept.freshness().filter((each) => streams.some(({ name }) => name === each.stream.name));
    return freshnessOf(fresh, askedSince);
  }
}

function refuseLag({ lag, unknown }: Freshness, maxLag: number | undefined) {
  if (maxLag === undefined) return;
  if (lag === undefined)
    throw new Problem('not-ready', `Kafka has not said how far the answer is behind in: ${unknown.join(', ')}.`, {
      headers: { 'retry-after': '1' },
    });
  if (lag > BigInt(maxLag))
    throw new Problem('not-ready', `${lag} records are not counted yet, and max_lag is ${maxLag}.`, {
      headers: { 'retry-after': '1' },
    });
}

const inJson = ({ asOf, lastUpdated, lag, unknown }: Freshness): FreshnessBody => ({
  as_of: asOf === undefined ? null : formatInstant(asOf),
  last_updated: lastUpdated === undefined ? null : formatInstant(lastUpdated),
  lag: lag === undefined ? null : Number(lag),
  ...(unknown.length > 0 && { lag_unknown: unknown }),
});
