import { wholeNumber } from '@millrace/core/http/parameters';
import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import type { Route } from '@millrace/core/http/route-table';
import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import type { ReaderPool } from '../ask/reader-pool.ts';
import { answerQuestion } from '../stats/answer-question.ts';
import { parseQuestion } from '../stats/parse-question.ts';
import { summarize } from '../stats/summarize.ts';
import type { History } from '../store/open-history.ts';
import type { AnswerFreshness } from './answer-freshness.ts';
import type { LiveAnswers } from './live-answers.ts';

type Response = Parameters<Route['handler']>[1];

type StatsOptions = {
  readonly streams: readonly Stream[];
  readonly historyOf: (stream: Stream) => History;
  readonly pool: ReaderPool;
  readonly freshness: AnswerFreshness;
  readonly live: LiveAnswers;
  /** How long one question may take. */
  readonly budgetMs: number;
};

const summaryQuery = z.object({ max_lag: wholeNumber({ min: 0 }).optional() });

/** `GET /stats`: what every stream comes to, or one question about one of them; and the former as it changes. */
export function statsRoutes(options: StatsOptions): Route[] {
  const { streams, historyOf, pool, freshness, live, budgetMs } = options;
  return [
    {
      method: 'get',
      path: '/stats',
      handler: async (req, res) => {
        const query = queryOf(req.url);
        const isQuestion = [...query.keys()].some((name) => name !== 'max_lag');
        res.json(isQuestion ? await answer(query, res) : await summary(parseQuery(summaryQuery, query).max_lag));
      },
    },
    {
      method: 'get',
      path: '/stats/live',
      handler: (req, res) => {
        parseQuery(z.object({}), queryOf(req.url));
        live.follow(res, { version, answer: () => summary() });
      },
    },
  ];

  async function answer(query: URLSearchParams, res: Response) {
    const question = parseQuestion(streams, query);
    const { as_of, lag } = await freshness.body([question.stream], question.maxLag);
    const { table, epoch } = historyOf(question.stream).table;
    res.set('epoch', String(epoch));
    const data = await answerQuestion(pool, question, table, budgetMs);
    return { data, as_of, lag };
  }

  /** The freshness is taken first: what the answer holds is never older than it says. */
  async function summary(maxLag?: number) {
    const fresh = await freshness.body(streams, maxLag);
    const summaries = await Promise.all(
      streams.map(async (stream) => ({ stream, summary: await summarize(pool, historyOf(stream).table) })),
    );
    return {
      ...Object.fromEntries(
        summaries.flatMap(({ stream, summary: { count } }) => (stream.countAs ? [[stream.countAs, count]] : [])),
      ),
      streams: Object.fromEntries(summaries.map(({ stream, summary: each }) => [stream.name, each])),
      ...fresh,
    };
  }

  function version(): string {
    return streams.map((stream) => historyOf(stream).version()).join(' ');
  }
}
