import type { Json, ReadItem } from '../connector.ts';
import { canonicalJson } from '../state/canonical-json.ts';
import type { Rejection } from '../state/rejections.ts';

type RecordItem = Extract<ReadItem, { readonly kind: 'record' }>;

/** What was read and is not written yet. Of a row that comes twice, the last counts. */
export type Batch = {
  /** With the value as canonical JSON. */
  readonly records: ReadonlyMap<string, RecordItem & { readonly json: string }>;
  readonly rejections: readonly Rejection[];
  /** How many rows the vendor gave, those that came twice included. */
  readonly read: number;
  readonly cursor: { readonly value: Json } | undefined;
};

const MOST_ROWS = 500;
const MOST_CHARACTERS = 2_000_000;

export function createBatcher() {
  let records = new Map<string, RecordItem & { readonly json: string }>();
  let rejections: Rejection[] = [];
  let read = 0;
  let characters = 0;
  let cursor: { readonly value: Json } | undefined;

  return {
    /** Whether what is held should be written before more is read. */
    isFull: () => records.size + rejections.length >= MOST_ROWS || characters >= MOST_CHARACTERS,
    isEmpty: () => read === 0 && cursor === undefined,
    record(item: RecordItem): void {
      const json = canonicalJson(item.value);
      read += 1;
      characters += json.length;
      records.delete(item.id);
      records.set(item.id, { ...item, json });
    },
    reject(rejection: Rejection): void {
      read += 1;
      rejections.push(rejection);
    },
    checkpoint(value: Json): void {
      cursor = { value };
    },
    /** What is held, to be written; a new batch begins. */
    take(): Batch {
      const batch = { records, rejections, read, cursor };
      records = new Map();
      rejections = [];
      read = 0;
      characters = 0;
      cursor = undefined;
      return batch;
    },
  };
}
