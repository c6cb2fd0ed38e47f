import type { Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { nameLiteral } from '@millrace/core/database/sql-literal';
import type { ChildTable, Table } from '../table/column.ts';
import { namesSql } from '../table/create-table-sql.ts';
import type { ChildRow } from './child-rows.ts';
import type { Row } from './prepare-changes.ts';

const STATEMENT_ROWS = 2_000;

type Winner = {
  readonly pk: string | number;
  readonly topic_partition: number;
  readonly record_offset: number | string;
};

export type ReplaceChildren = (trx: Transaction, partition: number, rows: readonly Row[]) => Promise<void>;
/** @param keys as SQL literals */
export type RemoveChildren = (trx: Transaction, keys: readonly string[]) => Promise<void>;

/**
 * Replaces the child rows of those rows that are now in the table: not of an older version, nor of a repeated event. The
 * caller's transaction holds the parents locked.
 */
export function compileReplaceChildren(table: Table): ReplaceChildren {
  const [primary = ''] = table.primaryKey;
  const select = `SELECT ${nameLiteral(primary)} AS pk, topic_partition, record_offset FROM ${nameLiteral(table.name)} WHERE ${nameLiteral(primary)} IN `;
  const remove = compileRemoveChildren(table);

  return async (trx, partition, rows) => {
    if (rows.length === 0) return;
    const found = await selectRows<Winner>(trx, `${select}(${rows.map(({ key }) => key).join(',')})`);
    const stored = new Set(found.map((each) => `${each.topic_partition}/${each.record_offset}`));
    const winners = rows.filter(({ record }) => stored.has(`${partition}/${record.offset}`));
    await remove(
      trx,
      winners.map(({ key }) => key),
    );
    await insertChildren(
      trx,
      winners.flatMap(({ children }) => children),
    );
  };
}

/** Compiles the removal of all child rows of keys. */
export function compileRemoveChildren(table: Table): RemoveChildren {
  const names = allChildren(table.children).map(({ name }) => name);
  return async (trx, keys) => {
    if (keys.length === 0) return;
    for (const name of names)
      await changeRows(trx, `DELETE FROM ${nameLiteral(name)} WHERE parent_key IN (${keys.join(',')})`);
  };
}

async function insertChildren(trx: Transaction, rows: readonly ChildRow[]): Promise<void> {
  for (const [table, tuples] of byTable(rows)) {
    const columns = namesSql([...table.keyColumns, ...table.columns].map(({ name }) => name));
    for (let start = 0; start < tuples.length; start += STATEMENT_ROWS) {
      const values = tuples.slice(start, start + STATEMENT_ROWS).join(',');
      await changeRows(trx, `INSERT INTO ${nameLiteral(table.name)} (${columns}) VALUES ${values}`);
    }
  }
}

function byTable(rows: readonly ChildRow[]): Map<ChildTable, string[]> {
  const tables = new Map<ChildTable, string[]>();
  for (const { table, tuple } of rows) {
    const tuples = tables.get(table);
    if (tuples) tuples.push(tuple);
    else tables.set(table, [tuple]);
  }
  return tables;
}

const allChildren = (children: readonly ChildTable[]): ChildTable[] =>
  children.flatMap((child) => [child, ...allChildren(child.children)]);
