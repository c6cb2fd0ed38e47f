import type { ReaderPool } from '../ask/reader-pool.ts';
import type { StreamTable } from '../store/catalog.ts';
import { scalarJson } from '../store/from-duck.ts';
import { quote } from '../store/stream-table.ts';
import { isComputable, sumOf } from './measure.ts';
import { rowsOf } from './rows-of.ts';
import { settled } from './settled.ts';

export type MeasureSummary = { sum: unknown; min: unknown; max: unknown; mean: unknown };
/** Each measure stands under its own name beside `count`, `first` and `last`. */
export type StreamSummary = { count: number; first: unknown; last: unknown } & Record<string, unknown>;

/** Count, first and last event time, and each measure's sum, min, max and mean over a stream's whole history. */
export async function summarize(pool: ReaderPool, { stream, table }: StreamTable): Promise<StreamSummary> {
  const time = quote(stream.time.name);
  const measures = stream.measures.filter(({ type }) => isComputable(type));
  const perMeasure = measures.flatMap(({ name, type }) => {
    const column = quote(name);
    const sum = sumOf(column, type);
    return [sum, `min(${column})`, `max(${column})`, `${sum}::DOUBLE / count(${column})`];
  });
  const sql = `SELECT ${['count(*)', `min(${time})`, `max(${time})`, ...perMeasure].join(', ')} FROM ${rowsOf(stream, table)}`;
  const reader = await pool.use((connection) => connection.runAndReadAll(sql));
  const [count, first, last, ...values] = (reader.getRows()[0] ?? []).map((value) => scalarJson(value));
  return {
    count: Number(count),
    first,
    last,
    ...Object.fromEntries(
      measures.map(({ name }, index) => {
        const [total, min, max, mean] = values.slice(index * 4);
        return [name, { sum: settled(total), min, max, mean: settled(mean) } satisfies MeasureSummary];
      }),
    ),
  };
}
