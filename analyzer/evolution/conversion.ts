import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { type AvroType, type Field, withoutNull } from '@millrace/core/schema/avro-type';
import { defaultValue } from '@millrace/core/schema/default-value';
import { columnType } from '../store/column-type.ts';
import { quote } from '../store/stream-table.ts';
import { compileToDuck } from '../store/to-duck.ts';
import { fieldSource } from './field-source.ts';

/** Columns in SQL, and the values that it names. */
export type Conversion = {
  readonly columns: readonly string[];
  readonly values: Readonly<Record<string, DuckDBValue>>;
  readonly types: Readonly<Record<string, DuckDBType>>;
};

/** How columns made for the fields `before` read under the fields `after`, in the order of the latter. */
export function conversionOf(before: readonly Field[], after: readonly Field[]): Conversion {
  const values: Record<string, DuckDBValue> = {};
  const types: Record<string, DuckDBType> = {};
  let names = 0;
  const columns = after.map((field) => `${fieldSql(field, before, (name) => quote(name))} AS ${quote(field.name)}`);
  return { columns, values, types };

  function fieldSql(field: Field, sources: readonly Field[], place: (name: string) => string): string {
    const source = fieldSource(field, sources);
    return source ? convert(place(source.name), source.type, field.type) : defaultSql(field);
  }

  function defaultSql({ type, default: json }: Field): string {
    const name = nextName('default');
    values[name] = compileToDuck(type)(defaultValue(type, json, name));
    types[name] = columnType(type);
    return `CAST($${name} AS ${columnType(type)})`;
  }

  function convert(sql: string, was: AvroType, is: AvroType): string {
    const type = columnType(is).toString();
    if (columnType(was).toString() === type) return sql;
    const [from, to] = [withoutNull(was).type, withoutNull(is).type];
    if (from.kind === 'array' && to.kind === 'array') return eachOf(sql, (each) => convert(each, from.items, to.items));
    if (from.kind === 'map' && to.kind === 'map') {
      const entry = (each: string) =>
        `struct_pack(key := ${each}.key, value := ${convert(`${each}.value`, from.values, to.values)})`;
      return unlessNull(sql, `map_from_entries(${eachOf(`map_entries(${sql})`, entry)})`);
    }
    if (from.kind === 'record' && to.kind === 'record') {
      const members = to.fields.map(
        (field) => `${quote(field.name)} := ${fieldSql(field, from.fields, (name) => `${sql}.${quote(name)}`)}`,
      );
      return unlessNull(sql, `struct_pack(${members.join(', ')})`);
    }
    return `CAST(${sql} AS ${type})`;
  }

  function eachOf(sql: string, of: (each: string) => string): string {
    const each = nextName('each');
    return `list_transform(${sql}, lambda ${each}: ${of(each)})`;
  }

  function nextName(kind: string): string {
    names += 1;
    return `${kind}_${names}`;
  }
}

const unlessNull = (sql: string, then: string) => `CASE WHEN ${sql} IS NULL THEN NULL ELSE ${then} END`;
