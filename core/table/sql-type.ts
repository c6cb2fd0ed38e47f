/** A column's type in what MySQL 8 and MariaDB 11 share. `ascii` columns hold what can be nothing else: uuids and symbols. */
export type SqlType =
  | { readonly name: 'tinyint' | 'int' | 'bigint' | 'double' | 'date' | 'json' }
  | { readonly name: 'text' | 'mediumtext' | 'mediumblob' }
  | { readonly name: 'char' | 'varchar'; readonly size: number; readonly ascii?: boolean }
  | { readonly name: 'varbinary'; readonly size: number }
  | { readonly name: 'datetime' | 'time'; readonly digits: 3 | 6 }
  | { readonly name: 'decimal'; readonly precision: number; readonly scale: number };

/** As written in DDL. Text compares by its code points, so that equality means the same as everywhere else. */
export function sqlTypeText(type: SqlType): string {
  const upper = type.name.toUpperCase();
  switch (type.name) {
    case 'char':
    case 'varchar':
      return `${upper}(${type.size}) ${type.ascii ? 'CHARACTER SET ascii COLLATE ascii_bin' : UTF8}`;
    case 'text':
    case 'mediumtext':
      return `${upper} ${UTF8}`;
    case 'varbinary':
      return `${upper}(${type.size})`;
    case 'datetime':
    case 'time':
      return `${upper}(${type.digits})`;
    case 'decimal':
      return `${upper}(${type.precision},${type.scale})`;
    case 'tinyint':
      return 'TINYINT(1)';
    default:
      return upper;
  }
}

const UTF8 = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/** TEXT and its like take a default only as an expression, which MySQL knows from 8.0.13 on and MariaDB from 10.2. */
export function takesPlainDefault({ name }: SqlType): boolean {
  return !['text', 'mediumtext', 'mediumblob', 'json'].includes(name);
}
