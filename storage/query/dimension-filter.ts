import { type Field, withoutNull } from '@millrace/core/schema/avro-type';
import { compileFromText } from '@millrace/core/schema/from-text';
import { z } from 'zod';
import type { Column } from '../table/column.ts';
import { equalSql } from './equal-sql.ts';

/** Rows with a symbol that the enum has no more read as its default, so a filter by that finds them. */
function formerSymbols({ type }: Field, value: unknown): readonly string[] | undefined {
  const { type: inner } = withoutNull(type);
  return inner.kind === 'enum' && inner.default === value ? inner.symbols : undefined;
}

/** A dimension's parameter, read as the field's own type would be; its output is the SQL condition that picks its rows. */
export function dimensionFilter(field: Field, column: Column): z.ZodType<string, string> {
  const fromText = compileFromText(field);
  return z.string().transform((text, context) => {
    const read = fromText(text);
    const condition = 'value' in read ? equalSql(column, read.value, formerSymbols(field, read.value)) : undefined;
    if (condition !== undefined) return condition;
    context.addIssue({ code: 'custom', message: 'fault' in read ? read.fault : 'is more than the field can hold' });
    return z.NEVER;
  });
}
