import { setImmediate as yieldToLoop } from 'node:timers/promises';
import type { Database } from '@millrace/core/database/open-database';
import { whileTransient } from '@millrace/core/database/while-transient';
import type { Log } from '@millrace/core/log/create-log';
import { createWake } from '@millrace/core/order/wake';
import { turnTaker } from '@millrace/core/promise/turn-taker';
import { retry } from '@millrace/core/retry/retry';
import type { Engine } from '../engine/engine.ts';
import type { Position } from '../engine/position.ts';
import type { Plan } from '../evaluate/plan.ts';
import type { WriteOutcomes } from '../write/write-outcomes.ts';
import { savePosition } from './positions.ts';

export type OpenPartition = {
  readonly partition: number;
  readonly claim: number;
  readonly plan: Plan;
  readonly engine: Engine;
};

type RunOptions = OpenPartition & {
  readonly db: Database;
  readonly write: WriteOutcomes;
  readonly log: Log;
  /** Called when entries have been taken, so that lanes may be read on. */
  readonly onTaken: () => void;
};

export type PartitionRun = OpenPartition & {
  /** Says that there may be something to take. */
  notify(): void;
  /** Rejects when it has ended by itself, with `CheckpointMismatch` when another process has taken the partition over. */
  readonly done: Promise<void>;
  /** Ends it, at a position from which nothing that was said is missing. */
  close(): Promise<void>;
};

/** Entries and evaluations at a time, if they do not take longer: the event loop is then given to others. */
const STEP = 16_384;
const IN_FLIGHT = 8;
const SAVE_EVERY_MS = 500;

type Written = { readonly position: Position; readonly acknowledged: Promise<void> };

/**
 * Takes entries in their order, writes what rules say of them, and saves the position once Kafka has acknowledged all that was said before
 * it. So a process that ends anywhere says some of it again, under the same ids, and leaves nothing out.
 */
export function runPartition(options: RunOptions): PartitionRun {
  const { partition, claim, plan, engine, db, write, log, onTaken } = options;
  const stop = new AbortController();
  const wake = createWake();
  const inFlight: Written[] = [];
  let unsaved: Position | undefined;
  let savedAt = 0;
  const notWritten = whileTransient(log, 'outcomes are not written yet, trying again');
  const notSaved = whileTransient(log, 'the position is not saved yet, trying again');
  const done = run();
  done.catch(() => undefined);

  return {
    ...{ partition, claim, plan, engine, done },
    notify: wake.notify,
    async close() {
      stop.abort();
      wake.notify();
      await done.catch(() => undefined);
    },
  };

  async function run(): Promise<void> {
    try {
      while (!stop.signal.aborted) {
        const step = engine.step(STEP, turnTaker().isDue);
        if (step) {
          const { outcomes } = step;
          const acknowledged = outcomes.length > 0 ? writeAll(outcomes) : Promise.resolve();
          acknowledged.catch(() => undefined);
          inFlight.push({ position: engine.position(), acknowledged });
          onTaken();
          while (inFlight.length > IN_FLIGHT) await settleOne();
          await yieldToLoop();
        } else {
          while (inFlight.length > 0) await settleOne();
          await wake.wait(unsaved ? SAVE_EVERY_MS : 10 * SAVE_EVERY_MS);
        }
        if (unsaved && Date.now() - savedAt >= SAVE_EVERY_MS) await save();
      }
      while (inFlight.length > 0) await settleOne();
      if (unsaved) await save();
    } finally {
      stop.abort();
      await Promise.allSettled(inFlight.map(({ acknowledged }) => acknowledged));
    }
  }

  async function settleOne(): Promise<void> {
    const next = inFlight[0];
    if (!next) return;
    await next.acknowledged;
    inFlight.shift();
    unsaved = next.position;
  }

  function writeAll(outcomes: Parameters<WriteOutcomes>[0]): Promise<void> {
    return retry({ ...notWritten, signal: stop.signal }, () => write(outcomes));
  }

  async function save(): Promise<void> {
    const position = unsaved;
    if (!position) return;
    await retry({ ...notSaved, attempts: stop.signal.aborted ? 3 : Number.POSITIVE_INFINITY }, () =>
      savePosition(db, partition, claim, position),
    );
    savedAt = Date.now();
    if (unsaved === position) unsaved = undefined;
  }
}
