import avro from 'avsc';

/** avsc's cursor over the bytes of one value: a new one for each. */
type Tap = {
  readonly buf: Buffer;
  pos: number;
  readLong(): number;
  readString(): string | undefined;
  skipString(): void;
};
type Part = { _read(tap: Tap): unknown; _skip(tap: Tap): void };
type ArrayPart = { readonly itemsType: Part };
type MapPart = { readonly valuesType: Part };

/** Elements without a byte of their own (nulls, records without fields) that one value may have beside the others. */
const BYTELESS_ELEMENTS = 10_000;

let counted: Tap | undefined;
let elementsLeft = 0;

/**
 * Makes avsc refuse arrays and maps that claim more elements than their value has bytes: it reads zeros past the end of a
 * value and looks at the length last, so that six bytes in a topic would fill the memory of every reader. Patches
 * the two types of the library for the whole process; throws for an avsc that reads them in another way.
 */
export function boundCollections(): void {
  const { ArrayType, MapType } = avro.types;
  for (const { prototype } of [ArrayType, MapType])
    for (const method of ['_read', '_skip'])
      if (typeof Reflect.get(prototype, method) !== 'function')
        throw new Error(`avsc has no ${method}: not version 5.7`);
  Object.assign(ArrayType.prototype, { _read: readArray, _skip: skipArray });
  Object.assign(MapType.prototype, { _read: readMap, _skip: skipMap });
}

function readArray(this: ArrayPart, tap: Tap): unknown[] {
  const { itemsType } = this;
  const elements: unknown[] = [];
  for (let count = readCount(tap); count > 0; count = readCount(tap))
    for (; count > 0; count -= 1) elements.push(itemsType._read(tap));
  return elements;
}

function readMap(this: MapPart, tap: Tap): Record<string, unknown> {
  const { valuesType } = this;
  const map: Record<string, unknown> = {};
  for (let count = readCount(tap); count > 0; count = readCount(tap))
    for (; count > 0; count -= 1) {
      const key = tap.readString() ?? '';
      const value = valuesType._read(tap);
      if (key === '__proto__')
        Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
      else map[key] = value;
    }
  return map;
}

function skipArray(this: ArrayPart, tap: Tap): void {
  for (let count = readCount(tap); count > 0; count = readCount(tap))
    for (; count > 0; count -= 1) this.itemsType._skip(tap);
}

function skipMap(this: MapPart, tap: Tap): void {
  for (let count = readCount(tap); count > 0; count = readCount(tap))
    for (; count > 0; count -= 1) {
      tap.skipString();
      this.valuesType._skip(tap);
    }
}

/** Of a block; a negative one is followed by the block's size in bytes, which nothing here rests on. */
function readCount(tap: Tap): number {
  let count = tap.readLong();
  if (count < 0) {
    count = -count;
    tap.readLong();
  }
  if (tap !== counted) {
    counted = tap;
    elementsLeft = tap.buf.length + BYTELESS_ELEMENTS;
  }
  elementsLeft -= count;
  if (!(elementsLeft >= 0)) throw new Error('an array or a map claims more elements than the value has bytes');
  return count;
}
