import { sqlTypeText } from '@millrace/core/table/sql-type';
import type { ChildTable, Column, Table } from '../storage/table/column.ts';
import { code, table } from './markdown.ts';

/** The columns of a stream's MySQL table and of its child tables. */
export function columnTables({ name, columns, ownColumns, primaryKey, children }: Table): string {
  const main = `\`${name}\`, primary key ${primaryKey.map(code).join(', ')}:\n\n${columnTable([...columns, ...ownColumns])}`;
  return [main, ...children.map(childTables)].join('\n\n');
}

function childTables({ name, field, keyColumns, columns, children }: ChildTable): string {
  const own = `\`${name}\`, the elements of ${code(field)}:\n\n${columnTable([...keyColumns, ...columns])}`;
  return [own, ...children.map(childTables)].join('\n\n');
}

const columnTable = (columns: readonly Column[]): string =>
  table(
    ['column', 'type', 'may be NULL'],
    columns.map(({ name, type, nullable }) => [
      code(name),
      sqlTypeText(type).split(' ')[0] ?? '',
      nullable ? 'yes' : 'no',
    ]),
  );
