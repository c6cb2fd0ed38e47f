import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Field } from '@millrace/core/schema/avro-type';
import type { Stream } from '@millrace/core/schema/stream';
import type { ReaderPool } from '../ask/reader-pool.ts';
import { compileFromDuck } from '../store/from-duck.ts';
import { quote } from '../store/stream-table.ts';
import type { Counted } from './answer-question.ts';
import { noneIfArithmetic } from './arithmetic-fault.ts';
import { type Measure, measureOf } from './measure.ts';
import { isComputable } from './number-kind.ts';
import { knownNow, rowsOf } from './rows-of.ts';
import type { Way } from './stats-sql.ts';

/** `reason` is there when any of the values is null though there are events: why that is. */
export type MeasureSummary = { sum: unknown; min: unknown; max: unknown; mean: unknown; reason?: string };
/** Each measure stands under its own name beside `count`, `first` and `last`. */
export type StreamSummary = { count: number; first: unknown; last: unknown } & Record<string, unknown>;

const parts = { sum: 'sum', min: 'min', max: 'max', mean: 'avg' } as const;
type Part = keyof typeof parts;
type Asked = { readonly field: Field; readonly part: Part; readonly measure: Measure };
const partNames: readonly Part[] = ['sum', 'min', 'max', 'mean'];

/**
 * Count, first and last event time, and each measure's sum, min, max and mean over a stream's whole history. A measure that
 * can't be computed says why, and nothing else fails with it.
 */
export function summarize(pool: ReaderPool, { table, count }: Counted): Promise<StreamSummary> {
  const { stream } = table;
  const asked = stream.measures
    .filter(({ type }) => isComputable(type))
    .flatMap((field) =>
      partNames.map((part): Asked => ({ field, part, measure: measureOf(stream, parts[part], field) })),
    );
  return pool.use(async (connection) => {
    const rows = rowsOf(stream, table.table, await knownNow(connection, table, count()));
    const quick = await summed(connection, stream, asked, rows, 'quick').catch(noneIfArithmetic);
    if (quick?.values.every((value) => value !== undefined)) return inJson(stream, asked, quick);
    const careful = await summed(connection, stream, asked, rows, 'careful').catch(noneIfArithmetic);
    return inJson(stream, asked, careful ?? (await summed(connection, stream, [], rows, 'quick')));
  });
}

/** A value is undefined where it is out of range. */
type Summed = { readonly head: readonly DuckDBValue[]; readonly values: readonly unknown[] };

async function summed(
  connection: DuckDBConnection,
  { time }: Stream,
  asked: readonly Asked[],
  rows: string,
  way: Way,
): Promise<Summed> {
  const column = quote(time.name);
  const columns = ['count(*)', `min(${column})`, `max(${column})`, ...asked.map(({ measure }) => measure[way])];
  const reader = await connection.runAndReadAll(`SELECT ${columns.join(', ')} FROM ${rows}`);
  const [count = 0n, first = null, last = null, ...values] = reader.getRows()[0] ?? [];
  return {
    head: [count, first, last],
    values: asked.map(({ measure }, index) => measure.toJson(values[index] ?? null)),
  };
}

function inJson({ time, measures }: Stream, asked: readonly Asked[], { head, values }: Summed): StreamSummary {
  const instant = compileFromDuck(time.type);
  const [count, first = null, last = null] = head;
  return {
    ...{ count: Number(count), first: instant(first), last: instant(last) },
    ...Object.fromEntries(measures.map((field) => [field.name, ofMeasure(field, asked, values)])),
  };
}

function ofMeasure(field: Field, asked: readonly Asked[], values: readonly unknown[]): MeasureSummary {
  if (!isComputable(field.type))
    return {
      sum: null,
      min: null,
      max: null,
      mean: null,
      reason: `${field.name} may have more digits than can be computed with`,
    };
  const own = new Map(
    asked.flatMap((each, index) => (each.field === field ? [[each.part, { ...each, value: values[index] }]] : [])),
  );
  const of = (part: Part) => own.get(part)?.value ?? null;
  const reasons = partNames.flatMap((part) => {
    const found = own.get(part);
    return found && found.value === undefined ? [`${part}: ${found.measure.outOfRange}`] : [];
  });
  return {
    ...{ sum: of('sum'), min: of('min'), max: of('max'), mean: of('mean') },
    ...(reasons.length > 0 ? { reason: reasons.join('; ') } : {}),
  };
}
