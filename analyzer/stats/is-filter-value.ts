import { type AvroType, withoutNull } from '@millrace/core/schema/avro-type';
import { parseDecimal } from '@millrace/core/schema/decimal';
import { parseDate, parseInstant } from '@millrace/core/schema/rfc3339';
import { parseTimeOfDay } from '@millrace/core/schema/time-of-day';
import { parseUuid } from '../read/parse-uuid.ts';

const words = new Uint32Array(4);

/** Whether a query parameter's text is a value of the type: what DuckDB will be able to cast to the field's column. */
export function isFilterValue(avro: AvroType, text: string): boolean {
  const { type } = withoutNull(avro);
  if ('logical' in type && type.logical) {
    const { logical } = type;
    switch (logical.name) {
      case 'uuid':
        return parseUuid(text, words);
      case 'date':
        return parseDate(text) !== undefined;
      case 'time-millis':
      case 'time-micros':
        return parseTimeOfDay(text) !== undefined;
      case 'timestamp-millis':
      case 'timestamp-micros':
        return parseInstant(text) !== undefined;
      case 'decimal':
        return parseDecimal(text, logical.precision, logical.scale) !== undefined;
    }
  }
  switch (type.kind) {
    case 'string':
      return true;
    case 'enum':
      return type.symbols.includes(text);
    case 'boolean':
      return text === 'true' || text === 'false';
    case 'int':
    case 'long':
      return /^-?\d{1,16}$/.test(text) && (type.kind === 'long' || Math.abs(Number(text)) < 2 ** 31);
    case 'float':
    case 'double':
      return text.trim() !== '' && Number.isFinite(Number(text));
    default:
      return false;
  }
}
