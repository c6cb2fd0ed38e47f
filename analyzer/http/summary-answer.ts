import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import type { ReaderPool } from '../ask/reader-pool.ts';
import { oncePerVersion } from '../stats/once-per-version.ts';
import { type StreamSummary, summarize } from '../stats/summarize.ts';
import type { History } from '../store/open-history.ts';
import type { AnswerFreshness } from './answer-freshness.ts';

type SummaryOptions = {
  readonly streams: readonly Stream[];
  readonly historyOf: (stream: Stream) => History;
  readonly pool: ReaderPool;
  readonly freshness: AnswerFreshness;
  /** How long an answer may take, waiting for other computations included. */
  readonly budgetMs: number;
};

/** What `GET /stats` answers without a question. */
export type SummaryAnswer = {
  /** Changes whenever the answer may have. */
  version(): string;
  /** @param about the streams that the answer is about, all of them by default */
  answer(maxLag?: number, about?: readonly Stream[]): Promise<Readonly<Record<string, unknown>>>;
};

/** Computes the summary of a stream once for each state of its history, for any number of requests. */
export function createSummaryAnswer(options: SummaryOptions): SummaryAnswer {
  const { streams, historyOf, pool, freshness, budgetMs } = options;
  const summaries = streams.map((stream) => ({
    stream,
    summary: oncePerVersion(
      () => historyOf(stream).version(),
      () => summarize(pool, historyOf(stream)),
    ),
  }));

  return {
    version: () => streams.map((stream) => historyOf(stream).version()).join(' '),
    /** The freshness is taken first: what the answer holds is never older than it says. */
    async answer(maxLag, about = streams) {
      const fresh = await freshness.body(about, maxLag);
      const asked = summaries.filter(({ stream }) => about.includes(stream));
      const all = Promise.all(asked.map(async ({ stream, summary }) => ({ stream, summary: await summary() })));
      return { ...inJson(await inTime(all)), ...fresh };
    },
  };

  async function inTime<Result>(work: Promise<Result>): Promise<Result> {
    const settled = new AbortController();
    const late = sleep(budgetMs, undefined, settled).then(() => {
      const detail = `The statistics took longer than ${budgetMs} ms, other computations included; try again later.`;
      throw new Problem('saturated', detail, { headers: { 'retry-after': '1' } });
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      late.catch(() => undefined);
      settled.abort();
    }
  }
}

type Summarized = { readonly stream: Stream; readonly summary: StreamSummary };

const inJson = (summaries: readonly Summarized[]) => ({
  ...Object.fromEntries(
    summaries.flatMap(({ stream: { countAs }, summary: { count } }) =>
      countAs === undefined ? [] : [[countAs, count]],
    ),
  ),
  streams: Object.fromEntries(summaries.map(({ stream, summary }) => [stream.name, summary])),
});
