import type { HeldEvent } from '../store/events.ts';

/** The events of a partition that wait, by their keys, each key's in order. */
export type HeldKeys = {
  add(event: HeldEvent): void;
  has(keyDigest: string): boolean;
  hasOffset(offset: bigint): boolean;
  hasRow(row: number): boolean;
  /** The first of each key. */
  heads(): readonly HeldEvent[];
  /** Replaces the first of its key, which was tried. */
  replace(event: HeldEvent): void;
  /** The first of its key is done: the next one may be tried. */
  remove(event: HeldEvent): void;
  count(): number;
};

export function createHeldKeys(): HeldKeys {
  const byKey = new Map<string, HeldEvent[]>();
  const rows = new Map<number, bigint>();
  const offsets = new Map<bigint, number>();

  return {
    add(event) {
      if (rows.has(event.row)) return;
      rows.set(event.row, event.offset);
      offsets.set(event.offset, (offsets.get(event.offset) ?? 0) + 1);
      const events = byKey.get(event.keyDigest) ?? [];
      events.push(event);
      events.sort((a, b) => a.row - b.row);
      byKey.set(event.keyDigest, events);
    },
    has: (keyDigest) => byKey.has(keyDigest),
    hasOffset: (offset) => offsets.has(offset),
    hasRow: (row) => rows.has(row),
    heads: () => [...byKey.values()].flatMap(([first]) => first ?? []),
    replace(event) {
      const events = byKey.get(event.keyDigest) ?? [];
      const at = events.findIndex(({ row }) => row === event.row);
      if (at >= 0) events[at] = event;
    },
    remove({ row, keyDigest, offset }) {
      const events = (byKey.get(keyDigest) ?? []).filter((each) => each.row !== row);
      if (events.length > 0) byKey.set(keyDigest, events);
      else byKey.delete(keyDigest);
      rows.delete(row);
      const left = (offsets.get(offset) ?? 1) - 1;
      if (left > 0) offsets.set(offset, left);
      else offsets.delete(offset);
    },
    count: () => rows.size,
  };
}
