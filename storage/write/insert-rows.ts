import type { Transaction } from '@millrace/core/database/open-database';
import { changeRows } from '@millrace/core/database/run-sql';
import { instantLiteral, nameLiteral } from '@millrace/core/database/sql-literal';
import type { Stream } from '@millrace/core/schema/stream';
import type { Batch } from '@millrace/core/stream/consume';
import type { Rejected } from '../dead-letter/rejected.ts';
import type { Table } from '../table/column.ts';
import { namesSql } from '../table/create-table-sql.ts';
import { bisect, type Refused } from './bisect.ts';
import { eventIdOf, type Row } from './prepare-changes.ts';
import { compileReplaceChildren, type ReplaceChildren } from './replace-children.ts';

/** MariaDB takes statements of 16 MiB, MySQL of 64: this stays well below both. */
const STATEMENT_ROWS = 2_000;
const STATEMENT_CHARS = 4_000_000;

/** `changed` counts what the database reports: a row that was there and stays as it is counts nothing. */
export type Inserted = { readonly refused: readonly Rejected[]; readonly changed: number };

export type Insert = (trx: Transaction, batch: Pick<Batch, 'partition'>, rows: readonly Row[]) => Promise<Inserted>;

/**
 * Compiles the statement that stores rows of a stream: for `append` a row already there stays as it is, for `upsert` the
 * newer version wins. Child rows go with their parent.
 */
export function compileInsert(stream: Stream, table: Table): Insert {
  const names = [...table.columns, ...table.ownColumns].map(({ name }) => name);
  const head = `INSERT INTO ${nameLiteral(table.name)} (${namesSql(names)}) VALUES `;
  const tail = stream.store === 'append' ? keepSql(table) : newerWinsSql(stream, table, names);
  const replaceChildren = table.children.length > 0 ? compileReplaceChildren(table) : undefined;

  return async (trx, { partition }, rows) => {
    const storedAt = instantLiteral(Date.now());
    const tuple = ({ values, record }: Row) => `(${values},${storedAt},${partition},${record.offset})`;
    const refused: Rejected[] = [];
    let changed = 0;
    for (const chunk of chunks(rows))
      refused.push(...(await bisect(chunk, replaceChildren ? withChildren(replaceChildren) : insert)).map(refusal));
    return { refused, changed };

    async function insert(some: readonly Row[]): Promise<void> {
      changed += await changeRows(trx, head + some.map(tuple).join(',') + tail);
    }

    /** One failed statement undoes itself; several need a savepoint to be undone together. */
    function withChildren(replace: ReplaceChildren) {
      return async (some: readonly Row[]): Promise<void> => {
        const before = changed;
        await trx.raw('SAVEPOINT rows_with_children');
        try {
          await insert(some);
          await replace(trx, partition, some);
        } catch (error) {
          changed = before;
          await trx.raw('ROLLBACK TO SAVEPOINT rows_with_children');
          throw error;
        }
      };
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

function refusal({ row: { record, value }, error }: Refused<Row>): Rejected {
  const reason = 'sqlMessage' in error ? String(error.sqlMessage) : 'the database refused the row';
  return { record, stage: 'insert', code: 'refused', reason, eventId: eventIdOf(value) };
}
