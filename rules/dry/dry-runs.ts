import { messageOf } from '@millrace/core/problem/message-of';
import { Problem } from '@millrace/core/problem/problem';
import { v7 } from 'uuid';
import type { DryAnswer } from './answer-dry-run.ts';

/** A dry run that takes longer than its client waits. */
export type DryRunState = {
  readonly run_id: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly read: number;
  readonly result: DryAnswer | null;
  readonly message: string | null;
};

export type DryRuns = {
  /** The answer, or the run where it takes longer than `withinMs`. Throws `saturated` while too many run. */
  start(
    work: (onProgress: (read: number) => void, signal: AbortSignal) => Promise<DryAnswer>,
    withinMs: number,
  ): Promise<{ readonly answer: DryAnswer } | { readonly run: DryRunState }>;
  find(id: string): DryRunState | undefined;
  close(): Promise<void>;
};

const AT_ONCE = 2;
const KEPT = 100;

/** The dry runs of this process: a few at a time, and the newest of them kept to be asked for. */
export function createDryRuns(): DryRuns {
  const runs = new Map<string, DryRunState>();
  const running = new Set<Promise<unknown>>();
  const stop = new AbortController();

  return {
    async start(work, withinMs) {
      if (running.size >= AT_ONCE)
        throw new Problem('saturated', `${AT_ONCE} dry runs are under way already.`, {
          headers: { 'retry-after': '5' },
        });
      const run_id = v7();
      const set = (change: Partial<DryRunState>) => {
        const known = runs.get(run_id) ?? { run_id, state: 'running', read: 0, result: null, message: null };
        runs.set(run_id, { ...known, ...change });
      };
      let read = 0;
      const working = work((count) => {
        read += count;
        if (runs.has(run_id)) set({ read });
      }, stop.signal);
      running.add(working);
      const ended = () => void running.delete(working);
      working.then(ended, ended);
      const late = Symbol('late');
      const first = await Promise.race([working, waited(withinMs, late)]);
      if (first !== late && typeof first === 'object') return { answer: first };
      set({ read });
      working.then(
        (result) => set({ state: 'done', result, read }),
        (error: unknown) => set({ state: 'failed', message: messageOf(error) }),
      );
      for (const id of runs.keys()) if (runs.size > KEPT) runs.delete(id);
      return { run: runs.get(run_id) ?? { run_id, state: 'running', read, result: null, message: null } };
    },
    find: (id) => runs.get(id),
    async close() {
      stop.abort(new Error('the service is stopping'));
      await Promise.allSettled([...running]);
    },
  };
}

const waited = <Value>(ms: number, value: Value): Promise<Value> =>
  new Promise((resolve) => {
    setTimeout(() => resolve(value), ms).unref();
  });
