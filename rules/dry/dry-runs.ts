import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import { messageOf } from '@millrace/core/problem/message-of';
import { Problem } from '@millrace/core/problem/problem';
import type { Thread } from '@millrace/core/thread/open-thread';
import { v7 } from 'uuid';
import { reportProgress } from '../runs/report-progress.ts';
import { endRun, insertDryRun } from '../runs/run-rows.ts';
import type { DryRunQuestion, HistoryAnswers, HistoryEvents } from '../threads/thread-messages.ts';
import type { DryAnswer } from './answer-dry-run.ts';

export type DryRuns = {
  /**
   * The answer, or the id of the run where it takes longer than `withinMs`: any replica then says how far it is, and what came of it.
   * Throws `saturated` while too many run here.
   */
  start(
    question: DryRunQuestion,
    withinMs: number,
  ): Promise<{ readonly answer: DryAnswer } | { readonly runId: string }>;
  /** Takes what dry runs have read. */
  readonly onRead: HistoryEvents['read'];
  close(): Promise<void>;
};

const AT_ONCE = 2;

/** The dry runs of this process, a few at a time, in the thread of history. */
export function createDryRuns(db: Database, thread: () => Promise<Thread<HistoryAnswers>>, log: Log): DryRuns {
  const running = new Map<number, { readonly working: Promise<unknown>; read: number }>();
  const keeping = new Set<Promise<void>>();
  let lastId = 0;

  return {
    async start(question, withinMs) {
      if (running.size >= AT_ONCE)
        throw new Problem('saturated', `${AT_ONCE} dry runs are under way already.`, {
          headers: { 'retry-after': '5' },
        });
      lastId += 1;
      const id = lastId;
      const working = thread().then(({ ask }) => ask('dryRun', id, question));
      const run = { working, read: 0 };
      running.set(id, run);
      const ended = () => void running.delete(id);
      working.then(ended, ended);
      const answer = await Promise.race([working, waited(withinMs)]);
      if (answer) return { answer };
      const runId = v7();
      await insertDryRun(db, runId, run.read);
      const kept = keep(runId, working, () => run.read);
      keeping.add(kept);
      void kept.finally(() => keeping.delete(kept));
      return { runId };
    },
    onRead(id, records) {
      const run = running.get(id);
      if (run) run.read += records;
    },
    async close() {
      for (const id of running.keys()) await (await thread()).ask('cancel', id);
      await Promise.allSettled([...[...running.values()].map(({ working }) => working), ...keeping]);
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

const waited = (ms: number): Promise<undefined> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms, undefined).unref();
  });
