import { type AvroType, type Field, withoutNull } from '@millrace/core/schema/avro-type';
import { bytesToDecimal, formatDecimal } from '@millrace/core/schema/decimal';
import type { Convert, Value } from '@millrace/core/schema/from-json';
import { alike, matchAvro } from '@millrace/core/schema/match-avro';
import { jsonConverter } from '@millrace/core/schema/to-json';
import { readable } from './shape-of-fields.ts';

/** Compiles the step from a decoded record to what expressions read: numbers as doubles, instants as dates, all else as in JSON. */
export function compileToCel(fields: readonly Field[]): (value: Readonly<Value>) => Value {
  const steps = readable(fields).map(({ name, type }) => ({ name, convert: celConverter(type) }));
  return (value) => {
    const read: Value = {};
    for (const { name, convert } of steps) {
      const inner = value[name] ?? null;
      read[name] = convert && inner !== null ? convert(inner) : inner;
    }
    return read;
  };
}

/** Undefined where both are the same. Never called with null. */
function celConverter(type: AvroType): Convert | undefined {
  const plain = (): Convert | undefined => jsonConverter(type);
  return matchAvro<Convert | undefined>(type, {
    ...alike(['null', 'boolean', 'int', 'long', 'float', 'double', 'string', 'enum', 'uuid'], plain),
    ...alike(['bytes', 'fixed', 'date', 'time-millis', 'time-micros'], plain),
    'timestamp-millis': () => (value) => new Date(Number(value)),
    'timestamp-micros': () => (value) => new Date(Math.floor(Number(value) / 1_000)),
    decimal:
      ({ scale }) =>
      (value) =>
        Buffer.isBuffer(value) ? Number(formatDecimal(bytesToDecimal(value), scale)) : value,
    array: ({ items }) => {
      const convert = orNull(celConverter(items));
      return convert && ((value) => (Array.isArray(value) ? value.map((each) => convert(each)) : value));
    },
    map: ({ values }) => {
      const convert = orNull(celConverter(values));
      return convert && ((value) => mapValues(value, convert));
    },
    record: ({ fields }) => {
      const toCel = compileToCel(fields);
      return (value) => (isRecord(value) ? toCel(value) : value);
    },
    union: (union) => {
      const { type: only } = withoutNull(union);
      return only.kind === 'union' ? plain() : celConverter(only);
    },
  });
}

const isRecord = (value: unknown): value is Value => typeof value === 'object' && value !== null;

const mapValues = (value: unknown, convert: Convert): unknown =>
  isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, convert(each)])) : value;

const orNull = (convert: Convert | undefined): Convert | undefined =>
  convert && ((value) => (value === null ? null : convert(value)));
