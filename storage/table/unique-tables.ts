import { Problem } from '@millrace/core/problem/problem';
import type { Table } from './column.ts';
import { shapesOf } from './create-table-sql.ts';

const PLATFORM = /^(storage_|platform_|checkpoints$|dead_letters$|redrives$|knex_)/;

/** Throws `invalid-schema` when two tables would share a name, or one would have a name of the platform's own. */
export function requireUniqueTables(tables: readonly Table[]): void {
  const names = tables.flatMap(shapesOf).map(({ name }) => name);
  const faults = [
    ...new Set(
      names.filter((name, index) => names.indexOf(name) !== index).map((name) => `two tables are named "${name}"`),
    ),
    ...names.filter((name) => PLATFORM.test(name)).map((name) => `the table name "${name}" is the platform's own`),
  ];
  if (faults.length > 0) throw new Problem('invalid-schema', faults.join('\n'));
}
