import type { ChildTable } from './column.ts';

const TABLE_NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** What is wrong with the names of a stream's child tables and their columns. */
export function childFaults(children: readonly ChildTable[], parent: string): string[] {
  return children.flatMap(({ name, field, keyColumns, columns, children: inner }) => {
    const taken = keyColumns.map((key) => key.name);
    const clash = columns.find((column) => taken.includes(column.name));
    return [
      ...(TABLE_NAME.test(name)
        ? []
        : [`field "${field}": its "table" must be a lower-case name of letters, digits and _`]),
      ...(name === parent ? [`field "${field}": its "table" is the stream's own`] : []),
      ...(clash ? [`field "${field}.${clash.name}" has the name of a column that storage adds; give it another`] : []),
      ...childFaults(inner, parent),
    ];
  });
}
