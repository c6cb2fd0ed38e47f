import { Problem } from '@millrace/core/problem/problem';
import type { Field, RecordType } from '@millrace/core/schema/avro-type';
import { withoutNull } from '@millrace/core/schema/avro-type';
import { compileFromJson } from '@millrace/core/schema/from-json';
import type { Stream } from '@millrace/core/schema/stream';
import { childFaults } from './child-faults.ts';
import type { ChildTable, Column, Index, Table } from './column.ts';
import { columnOf } from './column-of.ts';
import { sqlTypeText } from './sql-type.ts';

const own = (name: string, type: Field['type']): Column => columnOf({ name, type });

/** Ours in every table, so no field may have these names. */
const OWN_COLUMNS: readonly Column[] = [
  own('stored_at', { kind: 'long', logical: { name: 'timestamp-millis' } }),
  own('topic_partition', { kind: 'int' }),
  own('record_offset', { kind: 'long' }),
];

/** InnoDB's longest index is 3,072 bytes: this leaves room for a time and an event_id beside the dimension. */
const LONGEST_INDEXED = 700;

/** The trace_id and source of records that others wrote may be anything, but not anything long. */
const METADATA_LENGTHS: Readonly<Record<string, number>> = { trace_id: 64, source: 255 };

/**
 * The tables of a stream. `append` keeps each event as a row under its `event_id`, `upsert` the newest row of each key.
 * Throws `invalid-schema` where a table can't do what the schema asks.
 */
export function tableOf(stream: Stream): Table {
  const faults: string[] = [];
  const primary = stream.store === 'append' ? 'event_id' : stream.key.name;
  const indexed = new Set([primary, stream.time.name, stream.key.name, ...stream.dimensions.map(({ name }) => name)]);
  const fields = stream.fields.map((field) => sized(field, indexed.has(field.name)));
  const columns = fields.filter((field) => elementOf(field) === undefined).map(withFallback);
  for (const column of columns) {
    if (OWN_COLUMNS.some(({ name }) => name === column.name))
      faults.push(`field "${column.name}" has the name of a column that storage adds; give it another`);
    if (!indexed.has(column.name)) continue;
    if (!isIndexable(column))
      faults.push(
        `field "${column.name}" is ${sqlTypeText(column.type)}, which can't be indexed: it needs a "maxLength" of at most ${LONGEST_INDEXED}`,
      );
    if (column.name === primary && column.nullable) faults.push(`the key "${column.name}" may not be null`);
  }
  const key = columns.find(({ name }) => name === primary);
  if (!key) faults.push(`the key "${primary}" has no column`);
  const children = key ? childrenOf(fields, [{ ...key, name: 'parent_key' }]) : [];
  faults.push(...childFaults(children, stream.table));
  if (faults.length > 0 || !key)
    throw new Problem('invalid-schema', faults.map((fault) => `${stream.file}: ${fault}`).join('\n'));
  return {
    name: stream.table,
    columns,
    fieldNames: fields.map(({ name }) => name),
    ownColumns: OWN_COLUMNS,
    primaryKey: [primary],
    indexes: indexesOf(stream, primary),
    children,
  };
}

function indexesOf({ time, dimensions, key }: Stream, primary: string): Index[] {
  const names = new Set([key.name, ...dimensions.map(({ name }) => name)]);
  names.delete(primary);
  names.delete(time.name);
  const byTime = time.name === primary ? [] : [{ name: `by_${time.name}`, columns: [time.name, primary] }];
  const byDimension = [...names].map((name) => ({ name: `by_${name}`, columns: [name, time.name, primary] }));
  return [
    ...byTime,
    ...byDimension,
    ...(primary === 'event_id' ? [] : [{ name: 'by_event_id', columns: ['event_id'] }]),
  ];
}

/** The element type of an array whose elements become rows; undefined for every other field. */
function elementOf({ type, table }: Field): RecordType | undefined {
  if (table === undefined) return undefined;
  const { type: inner } = withoutNull(type);
  return inner.kind === 'array' && inner.items.kind === 'record' ? inner.items : undefined;
}

function childrenOf(fields: readonly Field[], keyColumns: readonly Column[]): ChildTable[] {
  return fields.flatMap((field) => {
    const element = elementOf(field);
    if (!element || field.table === undefined) return [];
    const name = field.table;
    const keys = [...keyColumns, own(`${name}_position`, { kind: 'int' })];
    const columns = element.fields.filter((each) => elementOf(each) === undefined).map(withFallback);
    const fieldNames = element.fields.map((each) => each.name);
    const children = childrenOf(element.fields, keys);
    return [{ name, field: field.name, keyColumns: keys, columns, fieldNames, children }];
  });
}

function sized(field: Field, indexed: boolean): Field {
  const length = METADATA_LENGTHS[field.name] ?? (indexed ? 255 : undefined);
  return length === undefined || field.maxLength !== undefined ? field : { ...field, maxLength: length };
}

function isIndexable({ type }: Column): boolean {
  if (type.name === 'varchar') return type.size <= LONGEST_INDEXED;
  return !['text', 'mediumtext', 'mediumblob', 'json'].includes(type.name);
}

/** A field with a default may be newer than the rows: they read as if they had it, as Avro says of old records. */
function withFallback(field: Field): Column {
  const column = columnOf(field);
  if (!('default' in field)) return column;
  const fallback = column.literal(compileFromJson([field])({})[field.name]);
  return fallback === undefined ? column : { ...column, fallback };
}
