import type { HeldEvent } from '../store/events.ts';

/** The events of a partition that wait, by their keys, each key's in order. */
export type HeldKeys = {
  add(event: HeldEvent): void;
  has(keyDigest: string): boolean;
  hasRow(row: number): boolean;
  /** Whether this very event waits. */
  hasEvent(event: Pick<HeldEvent, 'offset' | 'eventId'>): boolean;
  /** The first of each key. */
  heads(): readonly HeldEvent[];
  /** Replaces one that was tried, or changed in the database. */
  replace(event: HeldEvent): void;
  /** The first of its key is done: the next one may be tried. */
  remove(event: HeldEvent): void;
  count(): number;
};

export function createHeldKeys(): HeldKeys {
  const byKey = new Map<string, HeldEvent[]>();
  const rows = new Set<number>();
  const events = new Set<string>();

  return {
    add(event) {
      const own = byKey.get(event.keyDigest);
      rows.add(event.row);
      events.add(nameOf(event));
      if (!own) byKey.set(event.keyDigest, [event]);
      else own.splice(placeOf(own, event.row), 0, event);
    },
    has: (keyDigest) => byKey.has(keyDigest),
    hasRow: (row) => rows.has(row),
    hasEvent: (event) => events.has(nameOf(event)),
    heads: () => [...byKey.values()].flatMap(([first]) => first ?? []),
    replace(event) {
      const own = byKey.get(event.keyDigest) ?? [];
      const at = placeOf(own, event.row) - 1;
      if (own[at]?.row === event.row) own[at] = event;
    },
    remove(event) {
      const own = byKey.get(event.keyDigest) ?? [];
      const at = placeOf(own, event.row) - 1;
      if (own[0]?.row === event.row) own.shift();
      else if (own[at]?.row === event.row) own.splice(at, 1);
      if (own.length === 0) byKey.delete(event.keyDigest);
      rows.delete(event.row);
      events.delete(nameOf(event));
    },
    count: () => rows.size,
  };
}

/** After all whose row is not greater. Halving keeps a key with very many events cheap. */
function placeOf(own: readonly HeldEvent[], row: number): number {
  let [low, high] = [0, own.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((own[middle]?.row ?? row) <= row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A topic that was recreated has other events at the same offsets. */
const nameOf = ({ offset, eventId }: Pick<HeldEvent, 'offset' | 'eventId'>): string => `${offset} ${eventId}`;
