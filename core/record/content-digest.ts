import { createHash } from 'node:crypto';
import type { AvroType, Field } from '../schema/avro-type.ts';
import { avscType } from '../schema/avsc-type.ts';
import type { Convert, Value } from '../schema/from-json.ts';
import { ownFields } from '../schema/input-schema.ts';
import { alike, matchAvro } from '../schema/match-avro.ts';
import { metadataFields } from '../schema/metadata-fields.ts';
import type { Stream } from '../schema/stream.ts';

/**
 * A digest of a record's own fields, the same for the same content however it was written: the Avro bytes have one form of
 * each number, time and decimal, and what Avro keeps apart although it is equal is made the same first: the order of a map's
 * keys, and zero with a sign.
 */
export function contentDigest(stream: Stream): (value: Value) => string {
  const own = avscType({ ...stream.avro, fields: stream.avro.fields.slice(0, -metadataFields.length) });
  const toCanonical = canonicalFields(ownFields(stream));
  return (value) =>
    createHash('sha256')
      .update(own.toBuffer(toCanonical ? toCanonical(value) : value))
      .digest('base64');
}

/** Undefined where values have one form already. */
function canonical(type: AvroType): Convert | undefined {
  return matchAvro<Convert | undefined>(type, {
    ...alike(['null', 'boolean', 'int', 'long', 'string', 'bytes', 'fixed', 'enum'], () => undefined),
    ...alike(['uuid', 'date', 'time-millis', 'time-micros', 'timestamp-millis', 'timestamp-micros'], () => undefined),
    decimal: () => undefined,
    ...alike(['float', 'double'], () => (value: unknown) => (value === 0 ? 0 : value)),
    array: ({ items }) => {
      const item = canonical(items);
      return item && ((value) => (Array.isArray(value) ? value.map((each) => item(each)) : value));
    },
    map: ({ values }) => {
      const inner = canonical(values) ?? ((value) => value);
      return (value) =>
        isObject(value)
          ? Object.fromEntries(
              Object.keys(value)
                .sort()
                .map((key) => [key, inner(value[key])]),
            )
          : value;
    },
    record: ({ fields }) => canonicalFields(fields),
    union: ({ branches }) => canonicalUnion(branches),
  });
}

function canonicalFields(fields: readonly Field[]): Convert | undefined {
  const steps = fields.flatMap(({ name, type }) => {
    const convert = canonical(type);
    return convert ? [{ name, convert }] : [];
  });
  if (steps.length === 0) return undefined;
  return (value) =>
    isObject(value)
      ? { ...value, ...Object.fromEntries(steps.map(({ name, convert }) => [name, convert(value[name])])) }
      : value;
}

/** The branches differ in their JSON kind, and only three kinds have values of several forms. */
function canonicalUnion(branches: readonly AvroType[]): Convert | undefined {
  const among = (...kinds: AvroType['kind'][]) =>
    branches
      .filter(({ kind }) => kinds.includes(kind))
      .map(canonical)
      .find((convert) => convert !== undefined);
  const [number, list, object] = [among('float', 'double'), among('array'), among('map', 'record')];
  if (!number && !list && !object) return undefined;
  return (value) => {
    const convert = typeof value === 'number' ? number : Array.isArray(value) ? list : object;
    return convert ? convert(value) : value;
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
