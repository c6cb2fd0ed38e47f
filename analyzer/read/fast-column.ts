import { type AvroType, type Field, withoutNull } from '@millrace/core/schema/avro-type';
import { DAY_MICROS, EARLIEST_DAY, EARLIEST_MS, LATEST_DAY, LATEST_MS } from '@millrace/core/schema/invalid-value';
import { isJsonText } from '../store/is-json-text.ts';
import { type AvroBytes, readLong, skipBytes } from './avro-bytes.ts';
import { type ColumnVector, putLongs, putUuidWords } from './column-vectors.ts';
import { parseUuidBytes } from './parse-uuid.ts';
import { textVector } from './text-vector.ts';

/** One field of a batch's records, filled from their Avro bytes. */
export type FastColumn = {
  /** Reads the field of the record in this row. False when it can't be used, or not in this way. */
  take(source: AvroBytes, row: number): boolean;
  cells(): ColumnVector;
};

/** Begins the column of a batch of N records. */
export type StartColumn = (records: number) => FastColumn;

type Take = FastColumn['take'];

/** Avro keeps a uuid as text. */
const UUID_BYTES = 36;

/** Compiles the way of a field's bytes into cells: the same as `vectorOf` gives. Undefined for a field that has parts. */
export function fastColumn({
  type: avro,
  noSpaceAtEnd,
}: Pick<Field, 'type' | 'noSpaceAtEnd'>): StartColumn | undefined {
  if (noSpaceAtEnd) return keys;
  const { type } = withoutNull(avro);
  const start = isJsonText(type) ? undefined : startOf(type);
  if (!start || avro.kind !== 'union') return start;
  const nullBranch = avro.branches.findIndex(({ kind }) => kind === 'null');
  const valueBranch = avro.branches.findIndex(({ kind }) => kind !== 'null');
  return (records) => nullable(start(records), records, nullBranch, valueBranch);
}

function startOf(type: AvroType): StartColumn | undefined {
  if ('logical' in type && type.logical) {
    switch (type.logical.name) {
      case 'uuid':
        return fixed(16, uuids);
      case 'date':
        return fixed(4, (data) => ints(data, EARLIEST_DAY, LATEST_DAY));
      case 'time-millis':
        return fixed(8, (data) => longs(data, 1_000, 0, DAY_MICROS / 1_000 - 1));
      case 'time-micros':
        return fixed(8, (data) => longs(data, 1, 0, DAY_MICROS - 1));
      case 'timestamp-millis':
        return fixed(8, (data) => longs(data, 1_000, EARLIEST_MS, LATEST_MS));
      case 'timestamp-micros':
        return fixed(8, (data) => longs(data, 1, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));
      default:
        return undefined;
    }
  }
  switch (type.kind) {
    case 'boolean':
      return fixed(1, booleans);
    case 'double':
      return fixed(8, (data) => copied(data, 8, isFiniteDouble));
    case 'float':
      return fixed(4, (data) => copied(data, 4, isFiniteFloat));
    case 'int':
      return fixed(4, (data) => ints(data, -(2 ** 31), 2 ** 31 - 1));
    case 'long':
      return fixed(8, (data) => longs(data, 1, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));
    case 'string':
      return texts;
    case 'enum':
      return symbols(type.symbols);
    default:
      return undefined;
  }
}

function fixed(width: number, taker: (data: ArrayBuffer) => Take): StartColumn {
  return (records) => {
    const data = new ArrayBuffer(records * width);
    return { take: taker(data), cells: () => ({ kind: 'fixed', width, data, nulls: undefined }) };
  };
}

function nullable(column: FastColumn, records: number, nullBranch: number, valueBranch: number): FastColumn {
  let nulls: Uint8Array | undefined;
  return {
    take(source, row) {
      const branch = readLong(source);
      if (branch === valueBranch) return column.take(source, row);
      if (branch !== nullBranch) return false;
      nulls ??= new Uint8Array(records);
      nulls[row] = 1;
      return true;
    },
    cells() {
      const cells = column.cells();
      return cells.kind === 'values' || cells.kind === 'texts' ? cells : { ...cells, nulls };
    },
  };
}

function booleans(data: ArrayBuffer): Take {
  const cells = new Uint8Array(data);
  return (source, row) => {
    const start = skipBytes(source, 1);
    const byte = source.bytes[start] ?? 2;
    cells[row] = byte;
    return byte <= 1;
  };
}

type Allows = (bytes: Uint8Array, start: number) => boolean;

/** Infinity and NaN have every bit of the exponent set; the bytes are little-endian. */
const isFiniteDouble: Allows = (bytes, start) =>
  ((bytes[start + 7] ?? 0) & 0x7f) < 0x7f || ((bytes[start + 6] ?? 0) & 0xf0) < 0xf0;
const isFiniteFloat: Allows = (bytes, start) =>
  ((bytes[start + 3] ?? 0) & 0x7f) < 0x7f || ((bytes[start + 2] ?? 0) & 0x80) === 0;

/** Avro and DuckDB keep floating-point numbers as the same bytes. */
function copied(data: ArrayBuffer, width: number, allows: Allows): Take {
  const cells = new Uint8Array(data);
  return (source, row) => {
    const start = skipBytes(source, width);
    if (start < 0) return false;
    for (let byte = 0; byte < width; byte += 1) cells[row * width + byte] = source.bytes[start + byte] ?? 0;
    return allows(source.bytes, start);
  };
}

function ints(data: ArrayBuffer, least: number, most: number): Take {
  const cells = new Int32Array(data);
  return (source, row) => {
    const value = readLong(source);
    cells[row] = value;
    return cells[row] === value && value >= least && value <= most;
  };
}

function longs(data: ArrayBuffer, factor: number, least: number, most: number): Take {
  const put = putLongs(data, factor);
  return (source, row) => {
    const value = readLong(source);
    if (!(value >= least && value <= most)) return false;
    put(row, value);
    return true;
  };
}

function uuids(data: ArrayBuffer): Take {
  const put = putUuidWords(data);
  const words = new Uint32Array(4);
  return (source, row) => {
    const start = readLong(source) === UUID_BYTES ? skipBytes(source, UUID_BYTES) : -1;
    if (start < 0 || !parseUuidBytes(source.bytes, start, words)) return false;
    put(row, words);
    return true;
  };
}

function texts(records: number): FastColumn {
  const { add, cells } = textVector(records);
  return {
    take(source, row) {
      const start = skipBytes(source, readLong(source));
      return start >= 0 && add(row, source.bytes, start, source.at);
    },
    cells,
  };
}

const SPACE = 0x20;

/** Texts without a space at their end; the byte before an empty text is its length. */
function keys(records: number): FastColumn {
  const { take, cells } = texts(records);
  return { take: (source, row) => take(source, row) && source.bytes[source.at - 1] !== SPACE, cells };
}

function symbols(names: readonly string[]): StartColumn {
  const bytes = names.map((name) => Buffer.from(name));
  return (records) => {
    const { add, cells } = textVector(records);
    return {
      take(source, row) {
        const symbol = bytes[readLong(source)];
        return symbol !== undefined && add(row, symbol, 0, symbol.length);
      },
      cells,
    };
  };
}
