import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@millrace/core/database/open-database';
import { type HeldEvent, listHeld, readBody } from '../store/events.ts';
import type { Commit } from './commit.ts';
import { createHeldKeys } from './held-keys.ts';
import type { Running } from './running.ts';

/** The events of a partition that wait to be tried again. */
export type RetryHeld = {
  has(keyDigest: string): boolean;
  hasEvent(event: Pick<HeldEvent, 'offset' | 'eventId'>): boolean;
  add(events: readonly HeldEvent[]): void;
  count(): number;
  /** Resolves once there is room for more; rejects with the signal's reason. */
  room(signal: AbortSignal): Promise<void>;
  /** Looks at the database again: events were recovered, or are to be tried at once. */
  reload(): Promise<void>;
  /** Rejects when what was tried can't be kept. */
  readonly done: Promise<void>;
  /** Begins no further try, and resolves once those under way have ended. */
  close(): Promise<void>;
};

type RetryOptions = {
  readonly running: Running;
  readonly partition: number;
  readonly commit: Commit;
  /** Ends the tries under way. */
  readonly cut: AbortSignal;
};

const LOOK_MS = 1_000;
const PAUSE_AFTER_FAULT_MS = 1_000;

/** Tries the first event of each key when its time has come, keys beside one another. */
export async function openRetryHeld({ running, partition, commit, cut }: RetryOptions): Promise<RetryHeld> {
  const { deliveryId, gate, limits, log } = running;
  const db: Database = running.db;
  const held = createHeldKeys();
  const underWay = new Map<string, Promise<void>>();
  let wake = new AbortController();
  let isClosed = false;
  await reload();
  const done = run();
  done.catch(() => undefined);

  return {
    has: held.has,
    hasEvent: held.hasEvent,
    add(events) {
      for (const event of events) if (!held.hasRow(event.row)) held.add(event);
      wake.abort();
    },
    count: held.count,
    async room(signal) {
      while (held.count() >= limits.mostHeld) await sleep(LOOK_MS / 10, undefined, { signal });
    },
    reload,
    done,
    async close() {
      isClosed = true;
      wake.abort();
      await done.catch(() => undefined);
      await Promise.allSettled(underWay.values());
    },
  };

  async function reload(): Promise<void> {
    for (const event of await listHeld(db, deliveryId, partition)) {
      if (!held.hasRow(event.row)) held.add(event);
      else if (!underWay.has(event.keyDigest)) held.replace(event);
    }
    wake.abort();
  }

  async function run(): Promise<void> {
    while (!isClosed) {
      wake = new AbortController();
      const now = Date.now();
      for (const event of held.heads()) {
        if (underWay.size >= limits.concurrency || now < gate.notBefore()) break;
        if (underWay.has(event.keyDigest) || (event.nextAttemptAt ?? 0) > now) continue;
        const trying = retryOne(event).finally(() => {
          underWay.delete(event.keyDigest);
          wake.abort();
        });
        underWay.set(event.keyDigest, trying);
      }
      const times = held.heads().flatMap(({ keyDigest, nextAttemptAt }) => {
        return underWay.has(keyDigest) ? [] : [Math.max(nextAttemptAt ?? 0, gate.notBefore())];
      });
      const isFull = underWay.size >= limits.concurrency;
      const waitMs = isFull ? LOOK_MS : Math.min(LOOK_MS, Math.max(5, Math.min(...times, now + LOOK_MS) - Date.now()));
      await sleep(waitMs, undefined, { signal: wake.signal }).catch(() => undefined);
    }
  }

  async function retryOne(event: HeldEvent): Promise<void> {
    try {
      const body = await readBody(db, event.row);
      if (!body) {
        held.remove(event);
        return;
      }
      const attempt = await running.send(event.eventId, body, cut);
      if (!attempt) return;
      const next = await commit.retried(event, attempt);
      if (next) held.replace(next);
      else held.remove(event);
    } catch (err) {
      if (cut.aborted) return;
      log.warn({ err, delivery: deliveryId, partition }, 'an event was not tried again, trying later');
      await sleep(PAUSE_AFTER_FAULT_MS, undefined, { signal: cut }).catch(() => undefined);
    }
  }
}
