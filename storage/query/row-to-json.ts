import type { Column } from '../table/column.ts';

/** A row as the driver gives it. */
export type StoredRow = Record<string, unknown>;

/** Compiles the step from a stored row to the JSON of the API, its fields in the order of the columns. */
export function compileRowToJson(columns: readonly Column[]): (row: StoredRow) => Record<string, unknown> {
  return (row) => {
    const json: Record<string, unknown> = {};
    for (const { name, toJson } of columns) {
      const stored = row[name];
      json[name] = stored === null || stored === undefined ? null : toJson(stored);
    }
    return json;
  };
}
