import { type Field, withoutNull } from '../schema/avro-type.ts';
import { alike, matchAvro } from '../schema/match-avro.ts';
import type { SqlType } from './sql-type.ts';

/** Longest text kept as VARCHAR in a column without an index: many of them fit the 65,535 bytes of a row. */
const LONGEST_VARCHAR = 500;
const LONGEST_TEXT = 16_383;
/** VARCHAR with an index: more than this no index holds. */
const LONGEST_INDEXED = 768;
export const LONGEST_SYMBOL = 255;

/** The column type of a field. What has none of its own (maps, nested records, unions of several) is kept as JSON. */
export const sqlTypeOf = (field: Pick<Field, 'type' | 'maxLength'>, indexed: boolean): SqlType =>
  matchAvro<SqlType>(withoutNull(field.type).type, {
    boolean: () => ({ name: 'tinyint' }),
    int: () => ({ name: 'int' }),
    long: () => ({ name: 'bigint' }),
    ...alike(['float', 'double'], () => ({ name: 'double' })),
    string: () => textType(field.maxLength, indexed),
    enum: () => ({ name: 'varchar', size: LONGEST_SYMBOL, ascii: true }),
    ...alike(['bytes', 'fixed'], () => ({ name: 'mediumblob' })),
    ...alike(['null', 'array', 'map', 'record', 'union'], () => ({ name: 'json' })),
    uuid: () => ({ name: 'char', size: 36, ascii: true }),
    date: () => ({ name: 'date' }),
    'time-millis': () => ({ name: 'time', digits: 3 }),
    'time-micros': () => ({ name: 'time', digits: 6 }),
    'timestamp-millis': () => ({ name: 'datetime', digits: 3 }),
    'timestamp-micros': () => ({ name: 'datetime', digits: 6 }),
    decimal: ({ precision, scale }) => ({ name: 'decimal', precision, scale }),
  });

function textType(maxLength: number | undefined, indexed: boolean): SqlType {
  if (maxLength === undefined || maxLength > LONGEST_TEXT) return { name: 'mediumtext' };
  if (maxLength > (indexed ? LONGEST_INDEXED : LONGEST_VARCHAR)) return { name: 'text' };
  return { name: 'varchar', size: Math.max(maxLength, 1) };
}

/** Whether the database tells rows without a value apart from those with one. */
export const isNullable = ({ type }: Pick<Field, 'type'>): boolean => withoutNull(type).nullable;
