import type { SqlType } from '@millrace/core/table/sql-type';
import type { Index } from '@millrace/core/table/table-layout';

/** One column: what it holds, how a decoded value gets into it, and how what is stored becomes JSON again. */
export type Column = {
  readonly name: string;
  /** Names that the column may have from earlier versions of the schema. */
  readonly aliases?: readonly string[];
  readonly type: SqlType;
  readonly nullable: boolean;
  /** What rows stored before the column was there read as; undefined where the schema gives no default. */
  readonly fallback?: string;
  /** The value as an SQL literal; undefined when the column can't hold it. */
  readonly literal: Literal;
  /** What the driver answers, as JSON. Never called with null. */
  readonly toJson: (stored: unknown) => unknown;
};

export type Literal = (value: unknown) => string | undefined;

/** A table made from a schema. */
export type Table = {
  readonly name: string;
  /** The schema file, for messages. */
  readonly file: string;
  /** The schema's fields that are columns, in its order. */
  readonly columns: readonly Column[];
  /** Every field in the schema's order: the columns, and the arrays whose elements are rows of a child table. */
  readonly fieldNames: readonly string[];
  /** Ours beside them: when the row was stored, and the record it came from. */
  readonly ownColumns: readonly Column[];
  readonly primaryKey: readonly string[];
  readonly indexes: readonly Index[];
  readonly children: readonly ChildTable[];
};

/** Rows of an array's elements. They begin with the key of the stream's row and the element's place on each level. */
export type ChildTable = {
  readonly name: string;
  /** The array's field in the parent record. */
  readonly field: string;
  readonly keyColumns: readonly Column[];
  readonly columns: readonly Column[];
  readonly fieldNames: readonly string[];
  readonly children: readonly ChildTable[];
};
