import type { Route } from '@millrace/core/http/route-table';
import type { Stream } from '@millrace/core/schema/stream';
import { createFindEvents } from '../ask/find-events.ts';
import { createFindIndex } from '../ask/find-index.ts';
import type { ReaderPool } from '../ask/reader-pool.ts';
import type { KeptHistories } from '../epoch/keep-histories.ts';
import { answerFreshness } from './answer-freshness.ts';
import { exportRoutes } from './export-routes.ts';
import { indexRoutes } from './index-routes.ts';
import { createLiveAnswers, type LiveAnswers } from './live-answers.ts';
import { shareAmongClients } from './share-among-clients.ts';
import { statsRoutes } from './stats-routes.ts';
import { createSummaryAnswer } from './summary-answer.ts';

/** Each for work of one kind, so that none waits behind what takes longer. */
export type ReaderPools = {
  readonly lookups: ReaderPool;
  readonly questions: ReaderPool;
  /** For the pages of text exports. */
  readonly pages: ReaderPool;
  /** For Parquet files, each written in one query. */
  readonly files: ReaderPool;
};

type RouteOptions = {
  readonly streams: readonly Stream[];
  readonly kept: Pick<KeptHistories, 'history' | 'freshness' | 'refresh'>;
  readonly pools: ReaderPools;
  readonly budgetMs: number;
  /** Where Parquet files lie while they are sent. */
  readonly exportDir: string;
};

/** Of one client at once: half of what is answered or may wait. */
const SHARE = { questions: 50, exports: 8 };

/** All routes of the analyzer; `live` must be closed before the server. */
export function analyzerRoutes(options: RouteOptions): {
  readonly routes: readonly Route[];
  readonly live: LiveAnswers;
} {
  const { streams, kept, pools, budgetMs, exportDir } = options;
  const historyOf = kept.history;
  const freshness = answerFreshness(kept);
  const summary = createSummaryAnswer({ streams, historyOf, pool: pools.questions, freshness, budgetMs });
  const live = createLiveAnswers({ version: summary.version, answer: (about) => summary.answer(undefined, about) });
  const events = createFindEvents(pools.lookups);
  const findIndex = createFindIndex(pools.lookups);
  return {
    live,
    routes: [
      ...indexRoutes({ streams, historyOf, events, findIndex, freshness }),
      ...shareAmongClients(
        SHARE.questions,
        statsRoutes({ streams, historyOf, pool: pools.questions, freshness, summary, live }),
      ),
      ...shareAmongClients(
        SHARE.exports,
        exportRoutes({ streams, historyOf, pages: pools.pages, files: pools.files, exportDir }),
      ),
    ],
  };
}
