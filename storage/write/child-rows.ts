import type { Value } from '@millrace/core/schema/from-json';
import type { ChildTable, Column } from '../table/column.ts';
import { compileValues } from './compile-values.ts';

/** An array's element as its table takes it. */
export type ChildRow = { readonly table: ChildTable; readonly tuple: string };

type Collect = (keys: string, value: Readonly<Value>, rows: ChildRow[]) => Column | undefined;

/** Compiles the rows of a value's arrays, on every level; or answers the column that can't hold its value. */
export function compileChildRows(children: readonly ChildTable[]) {
  const collect = collectAll(children);
  return (key: string, value: Readonly<Value>): ChildRow[] | Column => {
    const rows: ChildRow[] = [];
    return collect(key, value, rows) ?? rows;
  };
}

function collectAll(children: readonly ChildTable[]): Collect {
  const steps = children.map(collectOne);
  return (keys, value, rows) => {
    for (const step of steps) {
      const misfit = step(keys, value, rows);
      if (misfit) return misfit;
    }
    return undefined;
  };
}

function collectOne(table: ChildTable): Collect {
  const toValues = compileValues(table.columns);
  const collectInner = collectAll(table.children);

  return (keys, value, rows) => {
    const elements = value[table.field];
    if (!Array.isArray(elements)) return undefined;
    for (const [position, element] of elements.entries()) {
      const values = toValues(element);
      if (typeof values !== 'string') return values;
      const ownKeys = `${keys},${position}`;
      rows.push({ table, tuple: values === '' ? `(${ownKeys})` : `(${ownKeys},${values})` });
      const misfit = collectInner(ownKeys, element, rows);
      if (misfit) return misfit;
    }
    return undefined;
  };
}
