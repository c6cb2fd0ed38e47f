import { isTransient } from '@millrace/core/database/is-transient';
import type { Transaction } from '@millrace/core/database/open-database';
import { changeRows } from '@millrace/core/database/run-sql';
import { instantLiteral, nameLiteral } from '@millrace/core/database/sql-literal';
import type { Stream } from '@millrace/core/schema/stream';
import type { Batch } from '@millrace/core/stream/consume';
import type { Rejected } from '../dead-letter/rejected.ts';
import type { Table } from '../table/column.ts';
import { namesSql } from '../table/create-table-sql.ts';
import { isRowFault } from './is-row-fault.ts';
import { eventIdOf, type Row } from './prepare-changes.ts';

/** MariaDB takes statements of 16 MiB, MySQL of 64: this stays well below both. */
const STATEMENT_ROWS = 2_000;
const STATEMENT_CHARS = 4_000_000;

export type Inserted = { readonly refused: readonly Rejected[]; readonly inserted: number };

/**
 * Compiles the statement that stores rows of a stream: for `append` a row already there stays as it is, for `upsert` the
 * newer version wins. Of a statement that the database refuses for a row's sake, halves are tried until that row is alone.
 */
export function compileInsert(stream: Stream, table: Table) {
  const names = [...table.columns, ...table.ownColumns].map(({ name }) => name);
  const head = `INSERT INTO ${nameLiteral(table.name)} (${namesSql(names)}) VALUES `;
  const tail = stream.store === 'append' ? keepSql(table) : newerWinsSql(stream, table, names);

  return async (trx: Transaction, { partition }: Batch, rows: readonly Row[]): Promise<Inserted> => {
    const storedAt = instantLiteral(Date.now());
    const tuple = ({ values, record }: Row) => `(${values},${storedAt},${partition},${record.offset})`;
    const refused: Rejected[] = [];
    let inserted = 0;
    for (const chunk of chunks(rows)) await insert(chunk);
    return { refused, inserted };

    async function insert(some: readonly Row[]): Promise<void> {
      try {
        inserted += await changeRows(trx, head + some.map(tuple).join(',') + tail);
      } catch (error) {
        if (isTransient(error) || !isRowFault(error)) throw error;
        const [only] = some;
        if (only && some.length === 1) refused.push(refusal(only, error));
        else {
          const middle = some.length >> 1;
          await insert(some.slice(0, middle));
          await insert(some.slice(middle));
        }
      }
    }
  };
}

const keepSql = ({ primaryKey: [key = ''] }: Table) =>
  ` ON DUPLICATE KEY UPDATE ${nameLiteral(key)} = VALUES(${nameLiteral(key)})`;

/** Assignments run from left to right, so the version comes last: the others still compare with the stored one. */
function newerWinsSql({ version }: Stream, table: Table, names: readonly string[]): string {
  const v = nameLiteral(version.name);
  const newer = `COALESCE(VALUES(${v}) >= ${v}, ${v} IS NULL)`;
  const others = names.filter((name) => !table.primaryKey.includes(name) && name !== version.name);
  const updates = [...others, ...(table.primaryKey.includes(version.name) ? [] : [version.name])]
    .map(nameLiteral)
    .map((name) => `${name} = IF(${newer}, VALUES(${name}), ${name})`);
  return ` ON DUPLICATE KEY UPDATE ${updates.join(', ')}`;
}

function* chunks(rows: readonly Row[]): Generator<readonly Row[]> {
  let start = 0;
  let chars = 0;
  for (const [index, { values }] of rows.entries()) {
    if (index - start >= STATEMENT_ROWS || (chars + values.length > STATEMENT_CHARS && index > start)) {
      yield rows.slice(start, index);
      start = index;
      chars = 0;
    }
    chars += values.length;
  }
  if (start < rows.length) yield rows.slice(start);
}

function refusal({ record, value }: Row, error: Error): Rejected {
  const reason = 'sqlMessage' in error ? String(error.sqlMessage) : 'the database refused the row';
  return { record, stage: 'insert', code: 'refused', reason, eventId: eventIdOf(value) };
}
