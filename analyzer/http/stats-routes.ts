import { readOfAny } from '@millrace/core/access/access';
import { isPermitted, ownerOnly } from '@millrace/core/access/caller';
import { wholeNumber } from '@millrace/core/http/parameters';
import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import type { Response, Route } from '@millrace/core/http/route-table';
import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import type { ReaderPool } from '../ask/reader-pool.ts';
import { wholeStreams } from '../owner/whole-streams.ts';
import { answerQuestion } from '../stats/answer-question.ts';
import { parseQuestion } from '../stats/parse-question.ts';
import type { History } from '../store/open-history.ts';
import type { AnswerFreshness } from './answer-freshness.ts';
import type { LiveAnswers } from './live-answers.ts';
import { sendJson } from './send-json.ts';
import type { SummaryAnswer } from './summary-answer.ts';

type StatsOptions = {
  readonly streams: readonly Stream[];
  readonly historyOf: (stream: Stream) => History;
  readonly pool: ReaderPool;
  readonly freshness: AnswerFreshness;
  readonly summary: SummaryAnswer;
  readonly live: LiveAnswers;
};

const summaryQuery = z.object({ max_lag: wholeNumber({ min: 0 }).optional() });

/** `GET /stats`: what every stream comes to, or one question about one of them; and the former as it changes. */
export function statsRoutes(options: StatsOptions): Route[] {
  const { streams, historyOf, pool, freshness, summary, live } = options;
  return [
    {
      method: 'get',
      path: '/stats',
      access: readOfAny(streams),
      handler: async (req, res) => {
        const query = queryOf(req.url);
        const isQuestion = [...query.keys()].some((name) => name !== 'max_lag');
        sendJson(
          res,
          isQuestion
            ? await answer(query, res)
            : await summary.answer(parseQuery(summaryQuery, query).max_lag, wholeStreams(streams, res.locals.caller)),
        );
      },
    },
    {
      method: 'get',
      path: '/stats/live',
      access: readOfAny(streams),
      handler: (req, res) => {
        parseQuery(z.object({}), queryOf(req.url));
        live.follow(req, res, wholeStreams(streams, res.locals.caller));
      },
    },
  ];

  async function answer(query: URLSearchParams, res: Response) {
    const { caller } = res.locals;
    const readable = streams.filter((stream) => isPermitted(caller, 'read', stream));
    const question = parseQuestion(readable, query, (stream) => ownerOnly(caller, stream));
    const { last_updated: _, ...now } = await freshness.body([question.stream], question.maxLag);
    const history = historyOf(question.stream);
    res.set('epoch', String(history.table.epoch));
    const { rows, cursor, fresh } = await answerQuestion(pool, question, history, now);
    if (cursor === undefined) return { data: rows, ...fresh };
    const next = new URLSearchParams(query);
    next.set('cursor', cursor);
    res.set('link', `</stats?${next}>; rel="next"`);
    return { data: rows, ...fresh, more: true };
  }
}
