import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import { messageOf } from '@millrace/core/problem/message-of';
import { Problem } from '@millrace/core/problem/problem';
import { v7 } from 'uuid';
import { reportProgress } from '../runs/report-progress.ts';
import { endRun, insertDryRun } from '../runs/run-rows.ts';
import type { DryAnswer } from './answer-dry-run.ts';

type Work = (onProgress: (read: number) => void, signal: AbortSignal) => Promise<DryAnswer>;

export type DryRuns = {
  /**
   * The answer, or the id of the run where it takes longer than `withinMs`: any replica then says how far it is, and what came of it.
   * Throws `saturated` while too many run here.
   */
  start(work: Work, withinMs: number): Promise<{ readonly answer: DryAnswer } | { readonly runId: string }>;
  close(): Promise<void>;
};

const AT_ONCE = 2;

/** The dry runs of this process, a few at a time. */
export function createDryRuns(db: Database, log: Log): DryRuns {
  const running = new Set<Promise<unknown>>();
  const keeping = new Set<Promise<void>>();
  const stop = new AbortController();

  return {
    async start(work, withinMs) {
      if (running.size >= AT_ONCE)
        throw new Problem('saturated', `${AT_ONCE} dry runs are under way already.`, {
          headers: { 'retry-after': '5' },
        });
      let read = 0;
      const working = work((records) => {
        read += records;
      }, stop.signal);
      during(running, working);
      const answer = await Promise.race([working, waited(withinMs)]);
      if (answer) return { answer };
      const runId = v7();
      await insertDryRun(db, runId, read);
      during(
        keeping,
        keep(runId, working, () => read),
      );
      return { runId };
    },
    async close() {
      stop.abort(new Error('the service is stopping'));
      await Promise.allSettled([...running, ...keeping]);
    },
  };

  /** Shows how far a run is, and then what came of it. */
  async function keep(runId: string, working: Promise<DryAnswer>, read: () => number): Promise<void> {
    const progress = reportProgress(db, runId, read, log);
    const end = await working.then(
      (result) => ({ result }),
      (error: unknown) => ({ message: messageOf(error) }),
    );
    await progress.close();
    await endRun(db, runId, { read: read(), ...end }).catch((err: unknown) =>
      log.warn({ err, run_id: runId }, 'what came of a dry run was not kept'),
    );
  }
}

function during<Result>(set: Set<Promise<Result>>, promise: Promise<Result>): void {
  set.add(promise);
  const ended = () => void set.delete(promise);
  promise.then(ended, ended);
}

const waited = (ms: number): Promise<undefined> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms, undefined).unref();
  });
