import type { Lease } from '@millrace/core/database/lease';
import type { Database, Transaction } from '@millrace/core/database/open-database';
import { whileTransient } from '@millrace/core/database/while-transient';
import type { Log } from '@millrace/core/log/create-log';
import { retry } from '@millrace/core/retry/retry';

/** Runs a transaction that commits only while the connector's lease is ours; repeats it while the database is unreachable. */
export type Fenced = <Result>(work: (trx: Transaction) => Promise<Result>) => Promise<Result>;

type FencedOptions = {
  readonly db: Database;
  readonly lease: Lease;
  readonly log: Log;
  readonly signal: AbortSignal;
};

export function createFenced({ db, lease, log, signal }: FencedOptions): Fenced {
  const patient = { ...whileTransient(log, 'a run waits for the database'), signal };
  return (work) =>
    retry(patient, () =>
      db.transaction(async (trx) => {
        await lease.confirm(trx);
        return work(trx);
      }),
    );
}
