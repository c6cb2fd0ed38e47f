import { type Field, withoutNull } from '@millrace/core/schema/avro-type';
import { compileValidator } from '@millrace/core/schema/compile-validator';
import { compileFromJson } from '@millrace/core/schema/from-json';
import { recordSchema } from '@millrace/core/schema/json-schema';
import { z } from 'zod';
import type { Column } from '../table/column.ts';

const NUMBER_KINDS = ['int', 'long', 'float', 'double'];

/** A dimension's parameter, read as the field's own type would be; its output is the SQL literal to compare with. */
export function dimensionFilter(field: Field, column: Column) {
  const { type } = withoutNull(field.type);
  const isNumber = NUMBER_KINDS.includes(type.kind) && !('logical' in type && type.logical);
  const bare: Field = { name: field.name, type };
  const validate = compileValidator(recordSchema({ fields: [bare] }));
  const fromJson = compileFromJson([bare]);

  return z.string().transform((text, context) => {
    const json = { [field.name]: isNumber ? numberOf(text) : type.kind === 'boolean' ? booleanOf(text) : text };
    const [fault] = validate(json);
    const literal = fault ? undefined : column.literal(fromJson(json)[field.name]);
    if (literal !== undefined) return literal;
    context.addIssue({ code: 'custom', message: fault?.message ?? 'is more than the field can hold' });
    return z.NEVER;
  });
}

const numberOf = (text: string): unknown => (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : text);
const booleanOf = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : text);
