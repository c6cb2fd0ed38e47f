import { type AvroType, type Field, type RecordType, withoutNull } from '../schema/avro-type.ts';
import type { Stream } from '../schema/stream.ts';
import type { SqlType } from './sql-type.ts';
import { isNullable, sqlTypeOf } from './sql-type-of.ts';

/** A column as a schema asks for it. */
export type ColumnLayout = {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  /** The field that it holds, with the length that its column gives it. */
  readonly field: Field;
};

export type Index = { readonly name: string; readonly columns: readonly string[] };

/** What a stream's table looks like, before anything is known of rows and SQL. */
export type TableLayout = {
  readonly name: string;
  /** The fields that are columns, in the schema's order. */
  readonly columns: readonly ColumnLayout[];
  /** Every field in the schema's order: the columns, and the arrays whose elements are rows of a child table. */
  readonly fieldNames: readonly string[];
  /** Millrace's own beside them: when the row was stored, and the record it came from. */
  readonly ownColumns: readonly ColumnLayout[];
  readonly primaryKey: readonly string[];
  readonly indexes: readonly Index[];
  readonly children: readonly ChildLayout[];
};

/** The table of an array's elements. Its rows begin with the key of the stream's row and the position on each level. */
export type ChildLayout = {
  readonly name: string;
  /** The array's field in the parent record. */
  readonly field: string;
  /** The same from the stream's record on: `plans[].zones`. */
  readonly path: string;
  readonly keyColumns: readonly ColumnLayout[];
  readonly columns: readonly ColumnLayout[];
  readonly fieldNames: readonly string[];
  readonly children: readonly ChildLayout[];
};

/** The trace_id and source of records that others wrote may be anything, but not anything long. */
const METADATA_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['trace_id', 64],
  ['source', 255],
]);

/** Of text that is looked up by and has no length of its own. */
const INDEXED_LENGTH = 255;

/** `append` keeps each event as a row under its `event_id`, `upsert` the newest row of each key. */
export function tableLayoutOf(stream: Stream): TableLayout {
  const primary = stream.store === 'append' ? 'event_id' : stream.key.name;
  const indexes = indexesOf(stream, primary);
  const indexed = new Set([primary, ...indexes.flatMap(({ columns }) => columns)]);
  const columns = stream.fields
    .filter((field) => elementOf(field) === undefined)
    .map((field) => columnOf(sized(field, indexed), indexed.has(field.name)));
  const key = columns.find(({ name }) => name === primary);
  return {
    name: stream.table,
    columns,
    fieldNames: stream.fields.map(({ name }) => name),
    ownColumns: [
      own('stored_at', { kind: 'long', logical: { name: 'timestamp-millis' } }),
      own('topic_partition', { kind: 'int' }),
      own('record_offset', { kind: 'long' }),
    ],
    primaryKey: [primary],
    indexes,
    children: key ? childrenOf(stream.fields, [{ ...key, name: 'parent_key' }], '') : [],
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
    ...(primary === 'event_id' || names.has('event_id') ? [] : [{ name: 'by_event_id', columns: ['event_id'] }]),
  ];
}

/** The element type of an array whose elements become rows; undefined for every other field. */
export function elementOf({ type, table }: Field): RecordType | undefined {
  if (table === undefined) return undefined;
  const { type: inner } = withoutNull(type);
  return inner.kind === 'array' && inner.items.kind === 'record' ? inner.items : undefined;
}

function childrenOf(fields: readonly Field[], keyColumns: readonly ColumnLayout[], at: string): ChildLayout[] {
  return fields.flatMap((field) => {
    const element = elementOf(field);
    if (!element || field.table === undefined) return [];
    const path = at ? `${at}[].${field.name}` : field.name;
    const keys = [...keyColumns, own(`${field.table}_position`, { kind: 'int' })];
    const columns = element.fields.filter((each) => elementOf(each) === undefined);
    return [
      {
        name: field.table,
        field: field.name,
        path,
        keyColumns: keys,
        columns: columns.map((each) => columnOf(each, false)),
        fieldNames: element.fields.map(({ name }) => name),
        children: childrenOf(element.fields, keys, path),
      },
    ];
  });
}

function sized(field: Field, indexed: ReadonlySet<string>): Field {
  const length = METADATA_LENGTHS.get(field.name) ?? (indexed.has(field.name) ? INDEXED_LENGTH : undefined);
  return length === undefined || field.maxLength !== undefined ? field : { ...field, maxLength: length };
}

const columnOf = (field: Field, indexed: boolean): ColumnLayout => ({
  name: field.name,
  type: sqlTypeOf(field, indexed),
  nullable: isNullable(field),
  field,
});

const own = (name: string, type: AvroType): ColumnLayout => columnOf({ name, type }, false);
