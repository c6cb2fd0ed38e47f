import { type AvroType, type Field, isNumeric, withoutNull } from '@millrace/core/schema/avro-type';
import type { Stream } from '@millrace/core/schema/stream';
import { isJsonText } from '../store/is-json-text.ts';
import { quote } from '../store/stream-table.ts';

/** One aggregate asked for, such as `sum(distance)`, which is also the name of its column; `computed` from values, not one of them. */
export type Measure = {
  readonly name: string;
  readonly sql: string;
  readonly computed: boolean;
  /** Whether it is answered as the text of a decimal. */
  readonly decimal: boolean;
};

/** Makes SQL of a quoted column; rows are in order of event time, then number, for those to which order matters. */
type Aggregate = {
  readonly numeric: boolean;
  readonly computed?: boolean;
  readonly sql: (column: string, stream: Stream, type: AvroType) => string;
};

const inOrder = ({ time }: Stream, descending = '') =>
  `ORDER BY ${quote(time.name)}${descending}, "$position"${descending}`;
const quantile = (share: number): Aggregate => ({
  ...{ numeric: true, computed: true },
  sql: (column) => `quantile_cont(${column}, ${share})`,
});

/** Floating-point sums are compensated (Kahan), so that rows in another order do not show in the digits. */
export function sumOf(column: string, avro: AvroType): string {
  const { kind } = withoutNull(avro).type;
  return kind === 'float' || kind === 'double' ? `fsum(${column})` : `sum(${column})`;
}

const aggregates: Readonly<Record<string, Aggregate>> = {
  count: { numeric: false, sql: (column) => `count(${column})` },
  sum: { numeric: true, computed: true, sql: (column, _, type) => sumOf(column, type) },
  avg: { numeric: true, computed: true, sql: (column, _, type) => `${sumOf(column, type)}::DOUBLE / count(${column})` },
  min: { numeric: false, sql: (column) => `min(${column})` },
  max: { numeric: false, sql: (column) => `max(${column})` },
  p50: quantile(0.5),
  p95: quantile(0.95),
  p99: quantile(0.99),
  count_distinct: { numeric: false, sql: (column) => `count(DISTINCT ${column})` },
  first: { numeric: false, sql: (column, stream) => `first(${column} ${inOrder(stream)})` },
  last: { numeric: false, sql: (column, stream) => `first(${column} ${inOrder(stream, ' DESC')})` },
};

export const aggregateNames: readonly string[] = Object.keys(aggregates);

const SHAPE = /^([a-z0-9_]+)\((\w+)\)$/;
const SCALARS = new Set(['boolean', 'int', 'long', 'float', 'double', 'string', 'enum']);

/** `count`, or a function of a field such as `p95(duration)`. */
export function parseMeasure(stream: Stream, name: string): Measure | { readonly fault: string } {
  if (name === 'count') return { name, sql: 'count(*)', computed: false, decimal: false };
  const [, operation = '', fieldName = ''] = SHAPE.exec(name) ?? [];
  const aggregate = Object.hasOwn(aggregates, operation) ? aggregates[operation] : undefined;
  if (!aggregate)
    return {
      fault: `${JSON.stringify(name)} must be count, or one of ${aggregateNames.join(', ')} with a field, such as sum(distance)`,
    };
  const field = stream.fields.find((each) => each.name === fieldName);
  if (!field) return { fault: `${stream.name} has no field ${JSON.stringify(fieldName)}` };
  const fault = unfitFor(aggregate, field);
  if (fault) return { fault: `${fieldName} ${fault}, so ${operation} is not possible` };
  const sql = aggregate.sql(quote(fieldName), stream, field.type);
  return { name, sql, computed: aggregate.computed === true, decimal: isDecimal(field.type) };
}

/** Numbers, but for decimals with more digits than DuckDB has a type for. */
export const isComputable = (type: AvroType) => isNumeric(type) && !isJsonText(withoutNull(type).type);

function isDecimal(type: AvroType) {
  const { type: inner } = withoutNull(type);
  return 'logical' in inner && inner.logical?.name === 'decimal';
}

function unfitFor({ numeric }: Aggregate, { type }: Field): string | undefined {
  const { type: inner } = withoutNull(type);
  if (isDecimal(type) && !isComputable(type)) return 'has more digits than can be computed with';
  if (numeric) return isNumeric(type) ? undefined : 'is not a number';
  return SCALARS.has(inner.kind) || 'logical' in inner ? undefined : 'has parts';
}
