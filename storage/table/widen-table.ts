import type { Database } from '@millrace/core/database/open-database';
import { nameLiteral } from '@millrace/core/database/sql-literal';
import { Problem } from '@millrace/core/problem/problem';
import { type SqlType, sqlTypeText } from '@millrace/core/table/sql-type';
import type { Column } from './column.ts';
import { columnSql, namesSql, type TableShape } from './create-table-sql.ts';
import { type StoredColumn, storedColumns, storedIndexes } from './stored-columns.ts';
import { sameType, widerType } from './wider-type.ts';

/**
 * What an existing table needs so that it takes the schema's rows: columns added, renamed, widened or made nullable,
 * indexes added.
 * Never narrower and never dropped: a column that the schema no longer has keeps what it holds.
 * Throws `incompatible-schema` for a column that can't hold both.
 */
export async function wideningSql(db: Database, shape: TableShape): Promise<string | undefined> {
  const stored = new Map((await storedColumns(db, shape.name)).map((column) => [column.name, column]));
  const indexes = await storedIndexes(db, shape.name);
  const kept = new Map(shape.columns.map((column) => [column.name, keptColumn(column, shape.columns, stored)]));
  const inUse = new Set([...kept.values()].map((column) => column?.name));
  const changes = [
    ...shape.columns.flatMap((column) => columnChange(shape.name, column, kept.get(column.name))),
    ...[...stored.values()].filter(({ name }) => !inUse.has(name)).flatMap(leftOver),
    ...shape.indexes
      .filter(({ name }) => !indexes.has(name))
      .map(({ name, columns }) => `ADD KEY ${nameLiteral(name)} (${namesSql(columns)})`),
  ];
  return changes.length > 0 ? `ALTER TABLE ${nameLiteral(shape.name)} ${changes.join(', ')}` : undefined;
}

function columnChange(table: string, column: Column, stored: StoredColumn | undefined): string[] {
  if (!stored) return [`ADD COLUMN ${columnSql(column)}`];
  const type = widerType(stored.type, column.type);
  if (!type) throw cannotHoldBoth(table, column, stored);
  const same = sameType(stored.type, type) && (stored.nullable || !column.nullable);
  const change = columnSql({ ...column, type, nullable: stored.nullable || column.nullable });
  if (stored.name !== column.name) return [`CHANGE COLUMN ${nameLiteral(stored.name)} ${change}`];
  return same ? [] : [`MODIFY COLUMN ${change}`];
}

/** The column that is there for it: of its name or, when a field was renamed, of an alias that no other field has for a name. */
function keptColumn(
  { name, aliases = [] }: Column,
  columns: readonly Column[],
  stored: ReadonlyMap<string, StoredColumn>,
): StoredColumn | undefined {
  const former = aliases.find((alias) => stored.has(alias) && !columns.some((column) => column.name === alias));
  return stored.get(name) ?? (former === undefined ? undefined : stored.get(former));
}

/** A column of a field that is gone must take rows that say nothing about it. */
function leftOver({ name, type, nullable, hasDefault }: StoredColumn): string[] {
  if (nullable || hasDefault || type.name === 'other') return [];
  return [`MODIFY COLUMN ${nameLiteral(name)} ${sqlTypeText(type)} NULL`];
}

function cannotHoldBoth(table: string, column: Column, stored: StoredColumn): Problem {
  const has = stored.type.name === 'other' ? stored.type.text : sqlTypeText(stored.type as SqlType);
  return new Problem(
    'incompatible-schema',
    `table ${table}, column ${column.name}: it is ${has}, the schema asks for ${sqlTypeText(column.type)}, and no type holds both`,
  );
}
