import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { whileTransient } from '@millrace/core/database/while-transient';
import type { Log } from '@millrace/core/log/create-log';
import { retry } from '@millrace/core/retry/retry';
import type { Connector } from '../connector.ts';
import { VendorFault } from '../vendor-fault.ts';

export type Budget = {
  /** Waits for the next call's moment. Rejects with a `VendorFault` when the day's calls are used up. */
  take(signal: AbortSignal): Promise<void>;
  /** The calls left today, by the database's clock in UTC; undefined without a limit. */
  left(): Promise<number | undefined>;
};

type Limits = Connector['budget'];
type Row = { readonly next_call_ms: number; readonly budget_day: string; readonly used: number };
type Now = { readonly now_ms: string; readonly today: string };

const NOW = 'SELECT UNIX_TIMESTAMP(NOW(3)) * 1000 AS now_ms, CAST(UTC_DATE() AS CHAR) AS today';

/** The calls of one vendor, counted in the database for all replicas together; its clock is the only one that counts. */
export function createBudget(db: Database, name: string, { perSecond, perDay }: Limits, log: Log): Budget {
  const isLimited = Number.isFinite(perSecond) || Number.isFinite(perDay);
  const pauseMs = Number.isFinite(perSecond) ? 1_000 / perSecond : 0;
  const patient = whileTransient(log, 'a call of a vendor waits for the database');

  return {
    async take(signal) {
      if (!isLimited) return;
      const waitMs = await retry({ ...patient, signal }, () => db.transaction(reserve));
      if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    },
    async left() {
      if (!Number.isFinite(perDay)) return undefined;
      const { today } = await now(db);
      const [row] = await selectRows<Row>(
        db,
        'SELECT next_call_ms, budget_day, used FROM sync_budgets WHERE connector = ?',
        [name],
      );
      return Math.max(0, perDay - (row?.budget_day === today ? row.used : 0));
    },
  };

  /** Takes the next free moment, calls being spread evenly over a second; answers how far away it is. */
  async function reserve(trx: Transaction): Promise<number> {
    await changeRows(
      trx,
      `INSERT INTO sync_budgets (connector, next_call_ms, budget_day, used) VALUES (?, 0, '', 0)
       ON DUPLICATE KEY UPDATE connector = connector`,
      [name],
    );
    const [row] = await selectRows<Row>(
      trx,
      'SELECT next_call_ms, budget_day, used FROM sync_budgets WHERE connector = ? FOR UPDATE',
      [name],
    );
    const { today, nowMs } = await now(trx);
    const used = row?.budget_day === today ? row.used : 0;
    if (used >= perDay)
      throw new VendorFault('budget', `the ${perDay} calls of today are used up; the next day begins at 00:00 UTC`);
    const at = Math.max(nowMs, row?.next_call_ms ?? 0);
    await changeRows(trx, 'UPDATE sync_budgets SET next_call_ms = ?, budget_day = ?, used = ? WHERE connector = ?', [
      at + pauseMs,
      today,
      used + 1,
      name,
    ]);
    return at - nowMs;
  }
}

async function now(runner: Database | Transaction): Promise<{ readonly nowMs: number; readonly today: string }> {
  const [row] = await selectRows<Now>(runner, NOW);
  return { nowMs: Number(row?.now_ms ?? 0), today: row?.today ?? '' };
}
