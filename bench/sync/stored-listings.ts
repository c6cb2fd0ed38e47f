import type { Database } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';
import { waitUntil } from '@millrace/testing/wait-until';
import type { World } from '@millrace/testing/world';

const WITHIN_MS = 300_000;
const EVERY_MS = 20;

/** Resolves once storage has stored so many listings. Told by offsets: counting rows would take the database's time from what is measured. */
export async function untilListingsStored(db: Database, world: World, records: number): Promise<void> {
  const { topic } = world.stream('listings/listings');
  const stored = async () => {
    const rows = await selectRows<{ n: number | string | null }>(
      db,
      'SELECT SUM(next_offset) AS n FROM checkpoints WHERE topic = ?',
      [topic],
    );
    return Number(rows[0]?.n ?? 0);
  };
  await waitUntil(stored, (n) => n >= records, { withinMs: WITHIN_MS, everyMs: EVERY_MS });
}
