import type { Column } from '../table/column.ts';

/** A row as the driver gives it. */
export type StoredRow = Record<string, unknown>;
export type JsonRow = Record<string, unknown>;

/**
 * Compiles the step from a stored row to the JSON of the API.
 * @param fieldNames the order of the fields; one that is no column is an array, empty until its child rows are read
 */
export function compileRowToJson(
  columns: readonly Column[],
  fieldNames: readonly string[] = columns.map(({ name }) => name),
): (row: StoredRow) => JsonRow {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const steps = fieldNames.map((name) => ({ name, toJson: byName.get(name)?.toJson }));
  return (row) => {
    const json: JsonRow = {};
    for (const { name, toJson } of steps) {
      const stored = row[name];
      if (!toJson) json[name] = [];
      else json[name] = stored === null || stored === undefined ? null : toJson(stored);
    }
    return json;
  };
}
