import type { Route } from '@millrace/core/http/route-table';
import type { Stream } from '@millrace/core/schema/stream';
import { createFindEvents } from '../ask/find-events.ts';
import { createFindPlaces } from '../ask/find-places.ts';
import type { ReaderPool } from '../ask/reader-pool.ts';
import type { KeptHistories } from '../epoch/keep-histories.ts';
import { answerFreshness } from './answer-freshness.ts';
import { exportRoutes } from './export-routes.ts';
import { indexRoutes } from './index-routes.ts';
import type { LiveAnswers } from './live-answers.ts';
import { statsRoutes } from './stats-routes.ts';

type RouteOptions = {
  readonly streams: readonly Stream[];
  readonly kept: KeptHistories;
  /** For lookups, which are quick. */
  readonly lookups: ReaderPool;
  /** For what may take seconds, so that no lookup waits behind it. */
  readonly questions: ReaderPool;
  readonly live: LiveAnswers;
  readonly budgetMs: number;
  /** Where exports lie while they are sent. */
  readonly exportDir: string;
};

/** Everything the analyzer answers. */
export function analyzerRoutes({
  streams,
  kept,
  lookups,
  questions,
  live,
  budgetMs,
  exportDir,
}: RouteOptions): Route[] {
  const historyOf = kept.history;
  const freshness = answerFreshness(kept);
  const places = createFindPlaces(lookups);
  return [
    ...indexRoutes({ streams, historyOf, events: createFindEvents(lookups), places, freshness }),
    ...statsRoutes({ streams, historyOf, pool: questions, freshness, live, budgetMs }),
    ...exportRoutes({ streams, historyOf, pool: questions, exportDir }),
  ];
}
