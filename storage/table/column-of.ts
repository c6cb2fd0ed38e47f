import { bytesLiteral, instantLiteral, textLiteral } from '@millrace/core/database/sql-literal';
import { type AvroType, type Field, type Logical, withoutNull } from '@millrace/core/schema/avro-type';
import { bytesToDecimal, formatDecimal } from '@millrace/core/schema/decimal';
import { formatDate, formatInstantMicros } from '@millrace/core/schema/rfc3339';
import { formatTimeOfDay } from '@millrace/core/schema/time-of-day';
import { jsonConverter } from '@millrace/core/schema/to-json';
import type { Column, Literal } from './column.ts';
import type { SqlType } from './sql-type.ts';

type Mapping = { readonly type: SqlType; readonly literal: Literal; readonly toJson?: (stored: unknown) => unknown };

const LOWER_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const EARLIEST = Date.UTC(1000, 0, 1);
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
/** Longest text kept as VARCHAR: many of them fit MySQL's 65,535 bytes a row. */
const LONGEST_VARCHAR = 500;
const LONGEST_TEXT = 16_383;
const LONGEST_SYMBOL = 255;

/** The column of a field. What has no column type of its own (maps, nested records, unions) is kept as JSON. */
export function columnOf(field: Field): Column {
  const { nullable, type } = withoutNull(field.type);
  const mapping = mappingOf(type, field.maxLength);
  const { literal } = mapping;
  const whole: Literal = (value) =>
    value === null || value === undefined ? (nullable ? 'NULL' : undefined) : literal(value);
  return {
    name: field.name,
    ...(field.aliases === undefined ? {} : { aliases: field.aliases }),
    type: mapping.type,
    nullable,
    literal: whole,
    toJson: mapping.toJson ?? ((stored) => stored),
  };
}

function mappingOf(type: AvroType, maxLength: number | undefined): Mapping {
  if ('logical' in type && type.logical) return logicalMapping(type.logical);
  switch (type.kind) {
    case 'boolean':
      return { type: { name: 'tinyint' }, literal: (value) => (value ? '1' : '0'), toJson: (stored) => stored === 1 };
    case 'int':
    case 'long':
      return { type: { name: type.kind === 'int' ? 'int' : 'bigint' }, literal: numberLiteral };
    case 'float':
    case 'double':
      return { type: { name: 'double' }, literal: numberLiteral };
    case 'string':
      return textMapping(maxLength);
    case 'enum':
      return { type: { name: 'varchar', size: LONGEST_SYMBOL, ascii: true }, literal: textWithin(LONGEST_SYMBOL) };
    case 'bytes':
    case 'fixed':
      return {
        type: { name: 'mediumblob' },
        literal: (value) => (Buffer.isBuffer(value) ? bytesLiteral(value) : undefined),
        toJson: (stored) => (Buffer.isBuffer(stored) ? stored.toString('base64') : stored),
      };
    default:
      return jsonMapping(type);
  }
}

function logicalMapping(logical: Logical): Mapping {
  switch (logical.name) {
    case 'uuid':
      return { type: { name: 'char', size: 36, ascii: true }, literal: uuidLiteral };
    case 'date':
      return {
        type: { name: 'date' },
        literal: (value) => within(Number(value) * 86_400_000, () => `'${formatDate(Number(value))}'`),
      };
    case 'time-millis':
      return { type: { name: 'time', digits: 3 }, literal: (value) => `'${formatTimeOfDay(Number(value) * 1000, 3)}'` };
    case 'time-micros':
      return { type: { name: 'time', digits: 6 }, literal: (value) => `'${formatTimeOfDay(Number(value), 6)}'` };
    case 'timestamp-millis':
      return { type: { name: 'datetime', digits: 3 }, literal: millisLiteral, toJson: instantJson };
    case 'timestamp-micros':
      return { type: { name: 'datetime', digits: 6 }, literal: microsLiteral, toJson: instantJson };
    case 'decimal': {
      const { precision, scale } = logical;
      const limit = 10n ** BigInt(precision);
      return {
        type: { name: 'decimal', precision, scale },
        literal: (value) => {
          const unscaled = Buffer.isBuffer(value) ? bytesToDecimal(value) : limit;
          return unscaled < limit && unscaled > -limit ? formatDecimal(unscaled, scale) : undefined;
        },
        toJson: String,
      };
    }
  }
}

function textMapping(maxLength: number | undefined): Mapping {
  if (maxLength === undefined || maxLength > LONGEST_TEXT) return { type: { name: 'mediumtext' }, literal: anyText };
  const literal = textWithin(maxLength);
  if (maxLength > LONGEST_VARCHAR) return { type: { name: 'text' }, literal };
  return { type: { name: 'varchar', size: Math.max(maxLength, 1) }, literal };
}

function jsonMapping(type: AvroType): Mapping {
  const convert = jsonConverter(type);
  return {
    type: { name: 'json' },
    literal: (value) => textLiteral(JSON.stringify(convert ? convert(value) : value)),
    toJson: (stored) => JSON.parse(String(stored)),
  };
}

const numberLiteral: Literal = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? (Object.is(value, -0) ? '0' : String(value)) : undefined;
const anyText: Literal = (value) => (typeof value === 'string' ? textLiteral(value) : undefined);
const uuidLiteral: Literal = (value) => {
  if (typeof value !== 'string') return undefined;
  if (LOWER_UUID.test(value)) return `'${value}'`;
  return UUID.test(value) ? `'${value.toLowerCase()}'` : undefined;
};

/** MySQL counts characters as code points. */
function textWithin(length: number): Literal {
  return (value) => {
    if (typeof value !== 'string') return undefined;
    return value.length <= length || [...value].length <= length ? textLiteral(value) : undefined;
  };
}

const within = (millis: number, literal: () => string): string | undefined =>
  millis >= EARLIEST && millis <= LATEST ? literal() : undefined;
const millisLiteral: Literal = (value) => within(Number(value), () => instantLiteral(Number(value)));
const microsLiteral: Literal = (value) =>
  within(Math.floor(Number(value) / 1000), () => {
    const text = formatInstantMicros(Number(value));
    return `'${text.slice(0, 10)} ${text.slice(11, -1)}'`;
  });
const instantJson = (stored: unknown) => `${String(stored).slice(0, 10)}T${String(stored).slice(11)}Z`;
