import { nameLiteral, textLiteral } from '@millrace/core/database/sql-literal';
import type { Column } from '../table/column.ts';

/**
 * The condition that a column holds exactly this value; undefined when it can't hold it. The database takes texts for equal that
 * differ only in spaces at their end, but not texts of one length.
 * @param known symbols of an enum of which this is the default: any other stored text reads as it
 */
export function equalSql(column: Column, value: unknown, known?: readonly string[]): string | undefined {
  const literal = column.literal(value);
  if (literal === undefined) return undefined;
  const name = nameLiteral(column.name);
  if (known) return `(${name} = ${literal} OR ${name} NOT IN (${known.map(textLiteral).join(',')}))`;
  const isPadded = column.type.name === 'varchar' && !column.type.ascii && typeof value === 'string';
  return isPadded ? `${name} = ${literal} AND LENGTH(${name}) = ${Buffer.byteLength(value)}` : `${name} = ${literal}`;
}
