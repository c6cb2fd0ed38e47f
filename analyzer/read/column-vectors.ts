import { type AvroType, withoutNull } from '@millrace/core/schema/avro-type';
import type { Value } from '@millrace/core/schema/from-json';
import { jsonConverter } from '@millrace/core/schema/to-json';
import { isJsonText } from '../store/is-json-text.ts';
import { parseUuid } from './parse-uuid.ts';

/** One field's values of many records, laid out as DuckDB keeps them where that can be done; `nulls` has a 1 for each null. */
export type ColumnVector =
  | {
      readonly kind: 'fixed';
      readonly width: number;
      readonly data: ArrayBuffer;
      readonly nulls: Uint8Array | undefined;
    }
  | {
      /** Texts in UTF-8: the one of a row is `data` from `bounds[row * 2]` to `bounds[row * 2 + 1]`. */
      readonly kind: 'bytes';
      readonly data: Uint8Array<ArrayBuffer>;
      readonly bounds: Uint32Array<ArrayBuffer>;
      readonly nulls: Uint8Array | undefined;
    }
  | { readonly kind: 'texts'; readonly values: readonly (string | null)[] }
  | { readonly kind: 'values'; readonly values: readonly unknown[] };

export type ToVector = (records: readonly Readonly<Value>[]) => ColumnVector;

type Put = (row: number, value: unknown) => void;

/**
 * Compiles the way of a field out of decoded records into cells. Numbers, times and uuids become bytes here, so that the
 * database gets thousands of them in one copy, which is several times faster than one at a time.
 */
export function vectorOf(name: string, avro: AvroType): ToVector {
  const { type } = withoutNull(avro);
  if (isJsonText(type)) return asJson(name, avro);
  if ('logical' in type && type.logical) {
    switch (type.logical.name) {
      case 'uuid':
        return fixed(name, 16, uuids);
      case 'date':
        return fixed(name, 4, (data) => numbers(new Int32Array(data)));
      case 'time-millis':
      case 'timestamp-millis':
        return fixed(name, 8, (data) => putLongs(data, 1_000));
      case 'time-micros':
      case 'timestamp-micros':
        return fixed(name, 8, (data) => putLongs(data, 1));
      default:
        return asValues(name);
    }
  }
  switch (type.kind) {
    case 'boolean':
      return fixed(name, 1, (data) => numbers(new Uint8Array(data)));
    case 'double':
      return fixed(name, 8, (data) => numbers(new Float64Array(data)));
    case 'float':
      return fixed(name, 4, (data) => numbers(new Float32Array(data)));
    case 'int':
      return fixed(name, 4, (data) => numbers(new Int32Array(data)));
    case 'long':
      return fixed(name, 8, (data) => putLongs(data, 1));
    case 'string':
    case 'enum':
      return (records) => ({ kind: 'texts', values: records.map((record) => textOrNull(record[name])) });
    default:
      return asValues(name);
  }
}

const asValues =
  (name: string): ToVector =>
  (records) => ({ kind: 'values', values: records.map((record) => ownBytes(record[name] ?? null)) });

function asJson(name: string, avro: AvroType): ToVector {
  const toJson = jsonConverter(avro);
  const text = (value: unknown) => JSON.stringify(toJson ? toJson(value) : value);
  return (records) => ({
    kind: 'texts',
    values: records.map(({ [name]: value }) => (value === null || value === undefined ? null : text(value))),
  });
}

/** Small Buffers lie in one large block of memory, all of which would go with each of them to another thread. */
function ownBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(ownBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, ownBytes(each)]));
}

const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null);

function fixed(name: string, width: number, putter: (data: ArrayBuffer) => Put): ToVector {
  return (records) => {
    const data = new ArrayBuffer(records.length * width);
    const put = putter(data);
    let nulls: Uint8Array | undefined;
    for (const [row, record] of records.entries()) {
      const value = record[name];
      if (value !== null && value !== undefined) {
        put(row, value);
        continue;
      }
      nulls ??= new Uint8Array(records.length);
      nulls[row] = 1;
    }
    return { kind: 'fixed', width, data, nulls };
  };
}

function numbers(cells: Float64Array | Float32Array | Int32Array | Uint8Array): Put {
  return (row, value) => {
    cells[row] = Number(value);
  };
}

/** 64-bit integers out of numbers, in two halves; by bigint only where a number would lose digits. */
export function putLongs(data: ArrayBuffer, factor: number): Put {
  const whole = new BigInt64Array(data);
  const halves = new Int32Array(data);
  return (row, value) => {
    const scaled = Number(value) * factor;
    if (Number.isSafeInteger(scaled)) {
      const high = Math.floor(scaled / 0x1_0000_0000);
      halves[row * 2] = scaled - high * 0x1_0000_0000;
      halves[row * 2 + 1] = high;
    } else whole[row] = BigInt(Number(value)) * BigInt(factor);
  };
}

function uuids(data: ArrayBuffer): Put {
  const put = putUuidWords(data);
  const words = new Uint32Array(4);
  return (row, value) => {
    parseUuid(value, words);
    put(row, words);
  };
}

/** DuckDB keeps a uuid as a 128-bit integer with its first bit flipped, so that integers sort as the text does. */
export function putUuidWords(data: ArrayBuffer): (row: number, words: Uint32Array) => void {
  const cells = new Uint32Array(data);
  return (row, words) => {
    cells[row * 4] = words[3] ?? 0;
    cells[row * 4 + 1] = words[2] ?? 0;
    cells[row * 4 + 2] = words[1] ?? 0;
    cells[row * 4 + 3] = (words[0] ?? 0) ^ 0x8000_0000;
  };
}
