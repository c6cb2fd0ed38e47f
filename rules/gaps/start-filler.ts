import { type Lease, takeLease } from '@millrace/core/database/lease';
import type { Database } from '@millrace/core/database/open-database';
import { whileTransient } from '@millrace/core/database/while-transient';
import type { Log } from '@millrace/core/log/create-log';
import { createWake } from '@millrace/core/order/wake';
import { messageOf } from '@millrace/core/problem/message-of';
import { linkSignals } from '@millrace/core/promise/link-signals';
import { retry } from '@millrace/core/retry/retry';
import type { FollowedRules } from '../catalog/follow-rules.ts';
import { reportProgress } from '../runs/report-progress.ts';
import type { Fill } from '../runs/run.ts';
import { endRun, insertFill, openFills } from '../runs/run-rows.ts';
import { type FillEnd, type FillWork, fillGaps } from './fill-gaps.ts';
import { noteFilled } from './filled-ranges.ts';
import { fillsFromTheirStart } from './fills-from-their-start.ts';

type FillerOptions = FillWork & { readonly rules: FollowedRules; readonly log: Log };

export type Filler = {
  /** Says that there may be a fill to do. */
  notify(): void;
  readonly done: Promise<void>;
  close(): Promise<void>;
};

const LOOK_EVERY_MS = 5_000;

/**
 * Does what fills were asked for, one at a time, and evaluates versions from their `effective_from` on. Replicas share the fills under
 * leases: one whose process was killed is done by another.
 */
export function startFiller(options: FillerOptions): Filler {
  const { db, rules, log } = options;
  const stop = new AbortController();
  const wake = createWake();
  const noted = new Set<string>();
  const later = whileTransient(log, 'gaps of rules are not filled yet, trying again');
  rules.catalog.onAdded(wake.notify);
  const done = run();
  done.catch(() => undefined);

  return {
    done,
    notify: wake.notify,
    async close() {
      stop.abort(new Error('the service is stopping'));
      wake.notify();
      await done.catch(() => undefined);
    },
  };

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await retry({ ...later, signal: stop.signal }, doFills).catch((error: unknown) => {
        if (!stop.signal.aborted) throw error;
      });
      await wake.wait(LOOK_EVERY_MS);
    }
  }

  async function doFills(): Promise<void> {
    for (const fill of fillsFromTheirStart(rules.catalog)) {
      if (noted.has(fill.runId)) continue;
      await insertFill(db, fill);
      noted.add(fill.runId);
    }
    for (const fill of await openFills(db)) {
      if (stop.signal.aborted) return;
      const lease = await takeLease(db, `rules-fill-${fill.runId}`);
      if (!lease) continue;
      try {
        if (await isOpen(db, fill)) await doFill(fill, lease);
      } finally {
        await lease.release();
      }
    }
  }

  async function doFill(fill: Fill, lease: Lease): Promise<void> {
    let read = 0;
    const { signal, unlink } = linkSignals([stop.signal, lease.lost]);
    const progress = reportProgress(db, fill.runId, () => read, log);
    try {
      await rules.upToDate();
      const found = await fillGaps(
        fill,
        rules.catalog,
        options,
        (records) => {
          read += records;
        },
        signal,
      );
      await progress.close();
      await end(found);
    } catch (error) {
      if (signal.aborted) return;
      if (later.while(error)) throw error;
      log.error({ err: error, run_id: fill.runId, rule_id: fill.ruleId }, 'gaps of a rule could not be filled');
      await progress.close();
      await end({ message: messageOf(error) }).catch((err: unknown) =>
        log.warn({ err, run_id: fill.runId }, 'what came of a fill was not kept'),
      );
    } finally {
      unlink();
      await progress.close();
    }

    /** Only under the lease: another process may have taken the fill over. */
    async function end(found: FillEnd): Promise<void> {
      await db.transaction(async (trx) => {
        await lease.confirm(trx);
        if ('result' in found) await noteFilled(trx, fill.ruleId, fill.version, found.ranges);
        await endRun(trx, fill.runId, { read, ...found });
      });
    }
  }
}

const isOpen = async (db: Database, { runId }: Fill) => (await openFills(db)).some((fill) => fill.runId === runId);
