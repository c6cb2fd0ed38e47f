import type { StreamTable } from '../store/catalog.ts';
import { scalarJson } from '../store/from-duck.ts';
import { quote } from '../store/stream-table.ts';
import type { ReaderPool } from './reader-pool.ts';

export type MeasureSummary = { sum: unknown; min: unknown; max: unknown; mean: unknown };
/** Each measure stands under its own name beside `count`, `first` and `last`. */
export type StreamSummary = { count: number; first: unknown; last: unknown } & Record<string, unknown>;

/** Count, first and last event time, and each measure's sum, min, max and mean over a stream's whole history. */
export async function summarize(pool: ReaderPool, { stream, table }: StreamTable): Promise<StreamSummary> {
  const time = quote(stream.time.name);
  const perMeasure = stream.measures.flatMap(({ name }) => {
    const column = quote(name);
    return [`${sum(column)}`, `min(${column})`, `max(${column})`, `${sum(column)} / count(${column})`];
  });
  const sql = `SELECT ${['count(*)', `min(${time})`, `max(${time})`, ...perMeasure].join(', ')} FROM ${rowsOf(stream, table)}`;
  const reader = await pool.use((connection) => connection.runAndReadAll(sql));
  const [count, first, last, ...values] = (reader.getRows()[0] ?? []).map((value) => scalarJson(value));
  return {
    count: Number(count),
    first,
    last,
    ...Object.fromEntries(
      stream.measures.map(({ name }, index) => {
        const [total, min, max, mean] = values.slice(index * 4);
        return [name, { sum: total, min, max, mean } satisfies MeasureSummary];
      }),
    ),
  };
}

/** Floating-point sums are compensated (Kahan), so that rows in another order do not show in the digits. */
const sum = (column: string) => `fsum(${column})`;

/** What statistics are about: every event, or for an upsert stream the keys as they stand. */
export function rowsOf({ store, key, version }: StreamTable['stream'], table: string): string {
  if (store === 'append') return quote(table);
  return `(SELECT * FROM ${quote(table)} QUALIFY row_number() OVER (
    PARTITION BY ${quote(key.name)} ORDER BY ${quote(version.name)} DESC, "$position" DESC) = 1)`;
}
