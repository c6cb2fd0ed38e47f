import { isUtf8 } from 'node:buffer';
import type { ColumnVector } from './column-vectors.ts';

export type TextVector = {
  /** Takes the row's text from `start` to `end`. False when it is not UTF-8. */
  add(row: number, bytes: Uint8Array, start: number, end: number): boolean;
  cells(): ColumnVector;
};

/** Collects the texts of N records as bytes, one after another. */
export function textVector(records: number): TextVector {
  const bounds = new Uint32Array(records * 2);
  let data = new Uint8Array(records * 16);
  let used = 0;

  function add(row: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (used + end - start > data.length) data = grown(data, used + end - start);
    bounds[row * 2] = used;
    let any = 0;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      any |= byte;
      data[used] = byte;
      used += 1;
    }
    bounds[row * 2 + 1] = used;
    return any < 0x80 || isUtf8(bytes.subarray(start, end));
  }

  return { add, cells: (): ColumnVector => ({ kind: 'bytes', data, bounds, nulls: undefined }) };
}

function grown(data: Uint8Array, least: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(least, data.length * 2));
  larger.set(data);
  return larger;
}
