import type { SqlType } from './sql-type.ts';

const UTF8_BYTES = 4;
/** Bytes that a decimal's left over digits take, by their number; nine digits take four. */
const LEFT_OVER = [0, 1, 1, 2, 2, 3, 3, 4, 4];

/** What a column's value may take at most, and whether it takes less when the value is short. */
export type ByteSize = {
  /** Of its content, as an index counts it. */
  readonly content: number;
  readonly varies: boolean;
  /** Kept outside of the row: BLOB, TEXT and JSON, of which a row counts a pointer only. */
  readonly outside: boolean;
  /** In the row as the server counts it, against 65,535. */
  readonly inRow: number;
};

/** The bytes of a column, the larger count of MySQL 8 and MariaDB 11 where the two differ. */
export function byteSize(type: SqlType): ByteSize {
  switch (type.name) {
    case 'tinyint':
      return fixed(1);
    case 'int':
      return fixed(4);
    case 'bigint':
    case 'double':
      return fixed(8);
    case 'date':
      return fixed(3);
    case 'time':
      return fixed(type.digits === 3 ? 5 : 6);
    case 'datetime':
      return fixed(type.digits === 3 ? 7 : 8);
    case 'decimal':
      return fixed(digitBytes(type.precision - type.scale) + digitBytes(type.scale));
    case 'char':
      return fixed(type.size * (type.ascii ? 1 : UTF8_BYTES));
    case 'varchar':
      return varying(type.size * (type.ascii ? 1 : UTF8_BYTES));
    case 'varbinary':
      return varying(type.size);
    case 'text':
    case 'mediumtext':
    case 'mediumblob':
    case 'json':
      return { content: Number.POSITIVE_INFINITY, varies: true, outside: true, inRow: 12 };
  }
}

const fixed = (bytes: number): ByteSize => ({ content: bytes, varies: false, outside: false, inRow: bytes });
const varying = (bytes: number): ByteSize => ({
  content: bytes,
  varies: true,
  outside: false,
  inRow: bytes + (bytes > 255 ? 2 : 1),
});
const digitBytes = (digits: number) => Math.floor(digits / 9) * 4 + (LEFT_OVER[digits % 9] ?? 0);
