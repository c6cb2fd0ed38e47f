import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import type { TimeRange } from './time-range.ts';

type Row = { from_ms: number | string; to_ms: number | string };

/** What a version has been evaluated for afterwards. */
export async function filledRanges(db: Database, ruleId: string, version: number): Promise<TimeRange[]> {
  const rows = await selectRows<Row>(db, 'SELECT from_ms, to_ms FROM rules_filled WHERE rule_id = ? AND version = ?', [
    Buffer.from(ruleId),
    version,
  ]);
  return rows.map(({ from_ms, to_ms }) => ({ from: Number(from_ms), to: Number(to_ms) }));
}

export async function noteFilled(
  trx: Transaction,
  ruleId: string,
  version: number,
  ranges: readonly TimeRange[],
): Promise<void> {
  for (const { from, to } of ranges)
    await changeRows(
      trx,
      `INSERT INTO rules_filled (rule_id, version, from_ms, to_ms) VALUES (?, ?, ?, ?)
       ON DUPLICATE KEY UPDATE to_ms = GREATEST(to_ms, VALUES(to_ms))`,
      [Buffer.from(ruleId), version, from, to],
    );
}
