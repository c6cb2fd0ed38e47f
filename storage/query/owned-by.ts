import { compileFromText } from '@millrace/core/schema/from-text';
import type { Stream } from '@millrace/core/schema/stream';
import type { Table } from '../table/column.ts';
import { equalSql } from './equal-sql.ts';

const NOBODY = 'FALSE';

/** Compiles the SQL condition that picks the rows of an owner; of nobody, where the text is no value of the stream's owner field. */
export function compileOwnedBy({ owner }: Stream, { columns }: Table): (subject: string) => string {
  const fromText = compileFromText(owner);
  const column = columns.find(({ name }) => name === owner.name);
  return (subject) => {
    const read = fromText(subject);
    return (column && 'value' in read && equalSql(column, read.value)) || NOBODY;
  };
}
