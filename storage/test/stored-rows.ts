import type { Database } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';
import type { Acknowledged } from '@millrace/core/stream/create-producer';

type Written = Acknowledged & { readonly value: Readonly<Record<string, unknown>> };

/** What Kafka acknowledged, as lines to compare: one for each record. */
export const acknowledgedLines = (written: readonly Written[]): string[] =>
  written.map(({ partition, offset, value }) => `${value.event_id} ${partition} ${offset}`).sort();

/** What MySQL holds, as the same lines. */
export async function storedLines(db: Database, table: string): Promise<string[]> {
  const rows = await selectRows<{ event_id: string; topic_partition: number; record_offset: number }>(
    db,
    `SELECT event_id, topic_partition, record_offset FROM \`${table}\``,
  );
  return rows.map((row) => `${row.event_id} ${row.topic_partition} ${row.record_offset}`).sort();
}

export async function countRows(db: Database, table: string): Promise<number> {
  const [row] = await selectRows<{ n: number }>(db, `SELECT COUNT(*) AS n FROM \`${table}\``);
  return row?.n ?? 0;
}
