import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';

const EVERY_MS = 20;

/** Rows a second, from the moment the first are committed (or from now, if some are) until `total` are. */
export async function storedRate(
  databaseUrl: string,
  total: number,
): Promise<{ readonly rate: number; readonly measured: number }> {
  const db = openDatabase(databaseUrl, { poolSize: 1 });
  const stored = async () => {
    const [row] = await selectRows<{ n: number | string | null }>(db, 'SELECT SUM(next_offset) AS n FROM checkpoints');
    return Number(row?.n ?? 0);
  };
  let first = await stored();
  while (first === 0) {
    await pause(EVERY_MS);
    first = await stored();
  }
  if (first >= total) throw new Error('everything was stored before the clock could start');
  const start = performance.now();
  while ((await stored()) < total) await pause(EVERY_MS);
  const seconds = (performance.now() - start) / 1_000;
  await db.close();
  return { rate: (total - first) / seconds, measured: total - first };
}
