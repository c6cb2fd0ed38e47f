import type { Database } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import type { Log } from '@millrace/core/log/create-log';

const EVERY_MS = 3_600_000;
const AT_ONCE = 500;

/** Removes runs that ended too long ago, once an hour, until it is closed. Those that are held stay. */
export function forgetRuns(db: Database, keptDays: number, log: Log): { close(): void } {
  const look = () =>
    forgetOnce(db, keptDays).catch((err: unknown) =>
      log.warn({ err }, 'old runs were not removed, trying again later'),
    );
  const timer = setInterval(() => void look(), EVERY_MS);
  void look();
  return { close: () => clearInterval(timer) };
}

/** Ids are in the order of time, so the oldest come first. */
export async function forgetOnce(db: Database, keptDays: number): Promise<void> {
  for (;;) {
    const rows = await selectRows<{ run_id: string }>(
      db,
      `SELECT run_id FROM sync_runs WHERE finished_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY AND state <> 'held'
       ORDER BY run_id LIMIT ${AT_ONCE}`,
      [keptDays],
    );
    const ids = rows.map(({ run_id: id }) => id);
    if (ids.length === 0) return;
    const marks = ids.map(() => '?').join(',');
    for (const table of ['sync_rejections', 'sync_run_entities', 'sync_runs'])
      await changeRows(db, `DELETE FROM ${table} WHERE run_id IN (${marks})`, ids);
  }
}
