import type { Value } from '@millrace/core/schema/from-json';
import type { Column } from '../table/column.ts';
import { flatText } from './flat-text.ts';

/** Compiles a row's values: joined with commas in the order of the columns, or the column that can't hold its own. */
export function compileValues(columns: readonly Column[]): (value: Readonly<Value>) => string | Column {
  return (value) => {
    let values = '';
    for (const column of columns) {
      const literal = column.literal(value[column.name]);
      if (literal === undefined) return column;
      values += values === '' ? literal : `,${literal}`;
    }
    return flatText(values);
  };
}
