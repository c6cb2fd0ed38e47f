import { setTimeout as sleep } from 'node:timers/promises';
import { takeLease } from '@millrace/core/database/lease';
import type { Database } from '@millrace/core/database/open-database';
import { sqlNow } from '@millrace/core/database/sql-literal';
import { whileTransient } from '@millrace/core/database/while-transient';
import type { Log } from '@millrace/core/log/create-log';
import { withLinkedSignal } from '@millrace/core/promise/link-signals';
import { retry } from '@millrace/core/retry/retry';
import type { Producer } from '@millrace/core/stream/create-producer';
import { v7 as uuidv7 } from 'uuid';
import {
  finishRedrive,
  insertRedrive,
  type RedriveCounts,
  type RedriveRequest,
  type UnfinishedRedrive,
  unfinishedRedrives,
} from './redrives.ts';
import { countDeadLetters, sendDeadLetters } from './send-dead-letters.ts';

const LOOK_EVERY_MS = 5_000;

type RedriveOptions = { readonly db: Database; readonly producer: Producer; readonly log: Log };

export type Redrive = {
  count(request: RedriveRequest): Promise<RedriveCounts>;
  /** Starts, and answers the id under which progress can be asked for. */
  start(request: RedriveRequest): Promise<RedriveCounts & { readonly redrive_id: string }>;
  close(): Promise<void>;
};

/**
 * Runs redrives, each in one process at a time, which holds its lease. One whose process was killed or closed is taken over by
 * the first that sees its lease end, this one after its restart included.
 */
export function createRedrive({ db, producer, log }: RedriveOptions): Redrive {
  const stop = new AbortController();
  const patient = whileTransient(log, 'dead letters are not sent yet, trying again');
  const running = new Map<string, Promise<void>>();
  const looking = lookForAbandoned();

  return {
    count: (request) => countDeadLetters(db, request),

    async start(request) {
      const redrive = { ...request, id: uuidv7(), startedAt: sqlNow() };
      const counts = await countDeadLetters(db, request);
      await insertRedrive(db, redrive, counts);
      run(redrive);
      return { redrive_id: redrive.id, ...counts };
    },

    async close() {
      stop.abort();
      await Promise.allSettled([looking, ...running.values()]);
    },
  };

  async function lookForAbandoned(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        for (const redrive of await unfinishedRedrives(db)) run(redrive);
      } catch (err) {
        log.warn({ err }, 'unfinished redrives were not found, trying again');
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    }
  }

  function run(redrive: UnfinishedRedrive): void {
    if (running.has(redrive.id)) return;
    const done = runUnderLease(redrive)
      .catch((err: unknown) => log.warn({ err, redrive_id: redrive.id }, 'a redrive is interrupted, to be continued'))
      .finally(() => running.delete(redrive.id));
    running.set(redrive.id, done);
  }

  async function runUnderLease(redrive: UnfinishedRedrive): Promise<void> {
    const lease = await takeLease(db, `redrive/${redrive.id}`);
    if (!lease) return;
    try {
      const status = await withLinkedSignal([stop.signal, lease.lost], undefined, (signal) => sendAll(redrive, signal));
      if (status) await finishRedrive(db, redrive.id, status);
    } finally {
      await lease.release();
    }
  }

  /** Undefined when the next owner of the lease is to continue it. */
  async function sendAll(redrive: UnfinishedRedrive, signal: AbortSignal): Promise<'done' | 'failed' | undefined> {
    try {
      for (let sent = 1; sent > 0; ) {
        if (signal.aborted) return undefined;
        sent = await retry({ ...patient, signal }, () => sendDeadLetters(db, producer, redrive));
      }
      return 'done';
    } catch (err) {
      if (signal.aborted) return undefined;
      log.error({ err, redrive_id: redrive.id }, 'a redrive has failed');
      return 'failed';
    }
  }
}
