import { setTimeout as sleep } from 'node:timers/promises';
import { takeLease } from '@millrace/core/database/lease';
import { selectRows } from '@millrace/core/database/run-sql';
import { withLinkedSignal } from '@millrace/core/promise/link-signals';
import { Cancelled, runConnector } from './run-connector.ts';
import type { OpenConnector, RunOptions } from './run-options.ts';

export type RunnerOptions = RunOptions & {
  readonly connectors: readonly OpenConnector[];
  /** How long a killed process keeps a connector. */
  readonly leaseMs: number;
  readonly lookEveryMs: number;
};

export type Runner = {
  /** Looks for work at once: a run was created. */
  look(): void;
  /** Ends what this process does of a run. */
  cancel(runId: string): void;
  running(): number;
  close(): Promise<void>;
};

type Running = { readonly runId: string; readonly abort: AbortController; readonly done: Promise<void> };

/**
 * Does runs, each connector in one process at a time, which holds its lease. What a killed or closed process leaves behind is taken over
 * by the first that sees its lease end, this one after its restart included.
 */
export function startRunner(options: RunnerOptions): Runner {
  const { db, connectors, leaseMs, lookEveryMs, log } = options;
  const stop = new AbortController();
  const running = new Map<string, Running>();
  let wake = new AbortController();
  const looking = lookForWork();

  return {
    look: () => wake.abort(),
    cancel(runId) {
      for (const run of running.values()) if (run.runId === runId) run.abort.abort(new Cancelled());
    },
    running: () => running.size,
    async close() {
      const stopping = new Error('the service is stopping');
      stop.abort(stopping);
      wake.abort();
      await looking;
      for (const { abort } of running.values()) abort.abort(stopping);
      await Promise.allSettled([...running.values()].map(({ done }) => done));
    },
  };

  async function lookForWork(): Promise<void> {
    while (!stop.signal.aborted) {
      wake = new AbortController();
      try {
        await startFound();
      } catch (err) {
        log.warn({ err }, 'runs were not looked for, trying again');
      }
      await withLinkedSignal([stop.signal, wake.signal], undefined, (signal) =>
        sleep(lookEveryMs, undefined, { signal, ref: false }),
      ).catch(() => undefined);
    }
  }

  async function startFound(): Promise<void> {
    const rows = await selectRows<{ name: string; run_id: string }>(
      db,
      'SELECT name, run_id FROM sync_connectors WHERE run_id IS NOT NULL',
    );
    for (const { name, run_id: runId } of rows) {
      const open = connectors.find(({ connector }) => connector.name === name);
      if (open && !running.has(name)) start(open, runId);
    }
  }

  function start(open: OpenConnector, runId: string): void {
    const { name } = open.connector;
    const abort = new AbortController();
    const done = underLease(open, runId, abort)
      .catch((err: unknown) => {
        if (!stop.signal.aborted) log.warn({ err, connector: name, run_id: runId }, 'a run is interrupted, to go on');
      })
      .finally(() => {
        running.delete(name);
        wake.abort();
      });
    running.set(name, { runId, abort, done });
  }

  async function underLease(open: OpenConnector, runId: string, abort: AbortController): Promise<void> {
    const lease = await takeLease(db, `sync/${open.connector.name}`, { forMs: leaseMs });
    if (!lease) {
      await sleep(lookEveryMs, undefined, { signal: abort.signal, ref: false }).catch(() => undefined);
      return;
    }
    const onLost = () => abort.abort(lease.lost.reason);
    lease.lost.addEventListener('abort', onLost);
    try {
      await runConnector({ ...options, open, runId, lease, abort });
    } finally {
      lease.lost.removeEventListener('abort', onLost);
      await lease.release();
    }
  }
}
