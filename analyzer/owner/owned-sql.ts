import { compileFromText } from '@millrace/core/schema/from-text';
import type { Stream } from '@millrace/core/schema/stream';
import { columnType } from '../store/column-type.ts';
import { quote } from '../store/stream-table.ts';

const NOBODY = 'false';

/** The SQL condition that picks an owner's rows; nobody's, where the text is no value of the stream's owner field. */
export function ownedSql({ owner: field }: Stream, owner: string): string {
  const read = compileFromText(field)(owner);
  if ('fault' in read) return NOBODY;
  const literal = `'${String(read.value).replaceAll("'", "''")}'`;
  return `${quote(field.name)} = CAST(${literal} AS ${columnType(field.type)})`;
}
