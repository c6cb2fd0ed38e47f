import { bytesLiteral, instantLiteral, textLiteral } from '@millrace/core/database/sql-literal';
import { type AvroType, withoutNull } from '@millrace/core/schema/avro-type';
import { bytesToDecimal, formatDecimal } from '@millrace/core/schema/decimal';
import { alike, matchAvro } from '@millrace/core/schema/match-avro';
import { formatDate, formatInstantMicros } from '@millrace/core/schema/rfc3339';
import { shortestFloat } from '@millrace/core/schema/shortest-float';
import { formatTimeOfDay } from '@millrace/core/schema/time-of-day';
import { jsonConverter } from '@millrace/core/schema/to-json';
import { isUuid } from '@millrace/core/schema/uuid';
import type { SqlType } from '@millrace/core/table/sql-type';
import type { ColumnLayout } from '@millrace/core/table/table-layout';
import { resolveJson } from '../query/resolve-json.ts';
import type { Column, Literal } from './column.ts';

type Mapping = { readonly literal: Literal; readonly toJson?: (stored: unknown) => unknown };

const LOWER_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const EARLIEST = Date.UTC(1000, 0, 1);
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A column of the layout with the way of a decoded value into it and of what is stored to JSON. */
export function columnOf({ name, type, nullable, field }: ColumnLayout): Column {
  const { literal, toJson } = mappingOf(withoutNull(field.type).type, textOf(type, field.maxLength));
  return {
    name,
    ...(field.aliases === undefined ? {} : { aliases: field.aliases }),
    type,
    nullable,
    literal: (value) => (value === null || value === undefined ? (nullable ? 'NULL' : undefined) : literal(value)),
    toJson: toJson ?? ((stored) => stored),
  };
}

/** Text that its column has a length for. */
function textOf(type: SqlType, maxLength: number | undefined): Literal {
  if ('size' in type) return textWithin(type.size);
  return maxLength === undefined || type.name === 'mediumtext' ? anyText : textWithin(maxLength);
}

function mappingOf(avro: AvroType, text: Literal): Mapping {
  return matchAvro<Mapping>(avro, {
    boolean: () => ({ literal: (value) => (value ? '1' : '0'), toJson: (stored) => stored === 1 }),
    ...alike(['int', 'long', 'double'], () => ({ literal: numberLiteral })),
    float: () => ({ literal: numberLiteral, toJson: (stored) => shortestFloat(Number(stored)) }),
    string: () => ({ literal: text }),
    enum: (type) => {
      const resolve = resolveJson(type);
      return { literal: text, ...(resolve && { toJson: resolve }) };
    },
    ...alike(['bytes', 'fixed'], () => ({
      literal: (value) => (Buffer.isBuffer(value) ? bytesLiteral(value) : undefined),
      toJson: (stored) => (Buffer.isBuffer(stored) ? stored.toString('base64') : stored),
    })),
    ...alike(['null', 'array', 'map', 'record', 'union'], () => jsonMapping(avro)),
    uuid: () => ({ literal: uuidLiteral }),
    date: () => ({
      literal: (value) => within(Number(value) * 86_400_000, () => `'${formatDate(Number(value))}'`),
    }),
    'time-millis': () => ({ literal: (value) => `'${formatTimeOfDay(Number(value) * 1000, 3)}'` }),
    'time-micros': () => ({ literal: (value) => `'${formatTimeOfDay(Number(value), 6)}'` }),
    'timestamp-millis': () => ({ literal: millisLiteral, toJson: instantJson }),
    'timestamp-micros': () => ({ literal: microsLiteral, toJson: instantJson }),
    decimal: ({ precision, scale }) => {
      const limit = 10n ** BigInt(precision);
      return {
        literal: (value) => {
          const unscaled = Buffer.isBuffer(value) ? bytesToDecimal(value) : limit;
          return unscaled < limit && unscaled > -limit ? formatDecimal(unscaled, scale) : undefined;
        },
        toJson: String,
      };
    },
  });
}

function jsonMapping(type: AvroType): Mapping {
  const convert = jsonConverter(type);
  const resolve = resolveJson(type);
  return {
    literal: (value) => textLiteral(JSON.stringify(convert ? convert(value) : value)),
    toJson: (stored) => {
      const json: unknown = JSON.parse(String(stored));
      return resolve && json !== null ? resolve(json) : json;
    },
  };
}

const numberLiteral: Literal = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? (Object.is(value, -0) ? '0' : String(value)) : undefined;
const anyText: Literal = (value) => (typeof value === 'string' ? textLiteral(value) : undefined);
const uuidLiteral: Literal = (value) => {
  if (typeof value !== 'string') return undefined;
  if (LOWER_UUID.test(value)) return `'${value}'`;
  return isUuid(value) ? `'${value.toLowerCase()}'` : undefined;
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
