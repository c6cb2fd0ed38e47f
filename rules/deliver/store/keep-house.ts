import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import { listDeliveries } from './deliveries.ts';
import { removeAttempts, removeOld } from './remove.ts';

type HouseOptions = {
  readonly db: Database;
  readonly log: Log;
  readonly keptAttempts: number;
  readonly keptDays: number;
};

const EVERY_MS = 60_000;

/** Removes what deliveries need no more, once a minute, until it is closed. */
export function keepHouse({ db, log, keptAttempts, keptDays }: HouseOptions): { close(): Promise<void> } {
  let looking = Promise.resolve();
  const look = async () => {
    for (const { deliveryId } of await listDeliveries(db)) await removeAttempts(db, deliveryId, keptAttempts);
    await removeOld(db, keptDays);
  };
  const timer = setInterval(() => {
    looking = looking
      .then(look)
      .catch((err: unknown) => log.warn({ err }, 'old attempts were not removed, trying again later'));
  }, EVERY_MS);
  return {
    async close() {
      clearInterval(timer);
      await looking;
    },
  };
}
