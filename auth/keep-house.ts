import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import { reasonOf } from '@millrace/core/problem/reason-of';
import type { Seal } from '@millrace/core/seal/seal';
import { renewKey } from './key/renew-key.ts';
import { removeEndedKeys } from './key/stored-keys.ts';
import { removeExpired } from './refresh/end-family.ts';

const EVERY_MS = 3_600_000;

type HouseOptions = { readonly db: Database; readonly seal: Seal; readonly keyDays: number; readonly log: Log };

/** Replaces an old signing key, and removes keys and refresh tokens that have ended. Any number of replicas may do it. */
export async function keepHouseOnce({ db, seal, keyDays, log }: HouseOptions): Promise<void> {
  const kid = await renewKey(db, seal, { fromDays: keyDays });
  if (kid !== undefined) log.info({ kid }, 'signing key made');
  await removeEndedKeys(db);
  await removeExpired(db);
}

/** Does so every hour until it is closed. What fails is tried again in the next hour. */
export function keepHouse(options: HouseOptions): { close(): Promise<void> } {
  const stop = new AbortController();
  const running = run();
  return {
    async close() {
      stop.abort();
      await running;
    },
  };

  async function run(): Promise<void> {
    for (;;) {
      await sleep(EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) return;
      await keepHouseOnce(options).catch((error: unknown) => {
        options.log.warn({ reason: reasonOf(error) }, 'keys and refresh tokens were not looked after; next in an hour');
      });
    }
  }
}
