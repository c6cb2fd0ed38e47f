import type { Database } from '@millrace/core/database/open-database';
import { changeRows } from '@millrace/core/database/run-sql';
import { createRun } from '../run/create-run.ts';
import type { RunPart } from '../run/run.ts';

/** What came of a tick: a run, nothing because the connector runs or is paused, or nothing because another replica had it. */
export type TickOutcome = 'started' | 'running' | 'paused' | 'other';

const KEPT_DAYS = 30;

/**
 * Makes one run of a tick, whichever replica comes first: the tick's row and the run are one transaction, and the row is unique.
 * @param schedule `blackbaud`, or `blackbaud:full`
 */
export async function takeTick(
  db: Database,
  schedule: string,
  at: Date,
  parts: readonly RunPart[],
): Promise<TickOutcome> {
  const tickAt = at.toISOString().slice(0, 19).replace('T', ' ');
  return db.transaction(async (trx) => {
    const first = await changeRows(
      trx,
      'INSERT INTO sync_ticks (schedule, tick_at) VALUES (?, ?) ON DUPLICATE KEY UPDATE schedule = schedule',
      [schedule, tickAt],
    );
    if (first === 0) return 'other';
    await changeRows(
      trx,
      `DELETE FROM sync_ticks WHERE schedule = ? AND tick_at < UTC_TIMESTAMP() - INTERVAL ${KEPT_DAYS} DAY`,
      [schedule],
    );
    const { kind } = await createRun(trx, 'schedule', parts);
    return kind === 'created' ? 'started' : kind;
  });
}
