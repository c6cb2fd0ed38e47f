import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import type { Sink } from '../write/open-sink.ts';
import type { WriterEvents } from '../write/writer-messages.ts';
import { compileRemoveExpired, ROWS_AT_ONCE } from './remove-expired.ts';

const EVERY_MS = 5_000;

type ExpireOptions = {
  readonly db: Database;
  readonly sinks: readonly Sink[];
  readonly events: Pick<WriterEvents, 'expired'>;
  readonly log: Log;
};

type Expiring = { readonly stream: string; readonly removeSome: (db: Database) => Promise<number> };

/**
 * Removes rows that are older than their stream's `row_retention`, looking every five seconds; a stream without one keeps its rows.
 * Any number of replicas may do it at once. Between two small deletes it waits as long as the last one took, so that
 * at least half of the time is left to others. What fails is tried again in the next round.
 */
export function expireRows({ db, sinks, events, log }: ExpireOptions): { close(): Promise<void> } {
  const stop = new AbortController();
  const expiring = sinks.flatMap((sink): Expiring[] => {
    const { name: stream, rowRetentionMs } = sink.stream;
    return rowRetentionMs === undefined ? [] : [{ stream, removeSome: compileRemoveExpired(sink, rowRetentionMs) }];
  });
  const running = expiring.length > 0 ? run() : Promise.resolve();

  return {
    async close() {
      stop.abort();
      await running;
    },
  };

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      for (const each of expiring) await expire(each);
      await pause(EVERY_MS);
    }
  }

  async function expire({ stream, removeSome }: Expiring): Promise<void> {
    let rows = 0;
    try {
      for (let removed = ROWS_AT_ONCE; removed >= ROWS_AT_ONCE && !stop.signal.aborted; ) {
        const begun = performance.now();
        removed = await removeSome(db);
        rows += removed;
        events.expired(stream, removed);
        await pause(performance.now() - begun);
      }
    } catch (err) {
      log.warn({ err, stream }, 'expired rows are not removed yet, trying again');
    }
    if (rows > 0) log.info({ stream, rows }, 'expired rows removed');
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: stop.signal }).catch(() => undefined);
  }
}
