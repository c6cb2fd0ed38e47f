import type { Database } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';
import type { SqlType } from '@millrace/core/table/sql-type';

/** A column as the database describes it. */
export type StoredColumn = {
  readonly name: string;
  readonly type: SqlType | { readonly name: 'other'; readonly text: string };
  readonly nullable: boolean;
  readonly hasDefault: boolean;
};

type Described = {
  readonly name: string;
  readonly data_type: string;
  readonly column_type: string;
  readonly size: number | string | null;
  readonly digits: number | null;
  readonly precision_: number | null;
  readonly scale_: number | null;
  readonly charset: string | null;
  readonly nullable: string;
  readonly fallback: string | null;
};

/** The columns of a table in the current database; empty when there is no such table. */
export async function storedColumns(db: Database, table: string): Promise<StoredColumn[]> {
  const rows = await selectRows<Described>(
    db,
    `SELECT COLUMN_NAME AS name, DATA_TYPE AS data_type, COLUMN_TYPE AS column_type,
            CHARACTER_MAXIMUM_LENGTH AS size, DATETIME_PRECISION AS digits, NUMERIC_PRECISION AS precision_,
            NUMERIC_SCALE AS scale_, CHARACTER_SET_NAME AS charset, IS_NULLABLE AS nullable, COLUMN_DEFAULT AS fallback
       FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?
      ORDER BY ORDINAL_POSITION`,
    [table],
  );
  return rows.map((row) => ({
    name: row.name,
    type: typeOf(row),
    nullable: row.nullable === 'YES',
    hasDefault: row.fallback !== null,
  }));
}

/** The names of a table's indexes. */
export async function storedIndexes(db: Database, table: string): Promise<ReadonlySet<string>> {
  const rows = await selectRows<{ name: string }>(
    db,
    'SELECT DISTINCT INDEX_NAME AS name FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?',
    [table],
  );
  return new Set(rows.map(({ name }) => name));
}

function typeOf(row: Described): StoredColumn['type'] {
  switch (row.data_type) {
    case 'tinyint':
    case 'int':
    case 'bigint':
    case 'double':
    case 'date':
    case 'json':
    case 'text':
    case 'mediumtext':
    case 'mediumblob':
      return { name: row.data_type };
    case 'longtext':
      return { name: 'json' };
    case 'char':
    case 'varchar':
      return { name: row.data_type, size: Number(row.size), ascii: row.charset === 'ascii' };
    case 'varbinary':
      return { name: 'varbinary', size: Number(row.size) };
    case 'datetime':
    case 'time':
      return { name: row.data_type, digits: row.digits === 6 ? 6 : 3 };
    case 'decimal':
      return { name: 'decimal', precision: Number(row.precision_), scale: Number(row.scale_) };
    default:
      return { name: 'other', text: row.column_type };
  }
}
