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
      const own = byKey.get(event.keyDigest) ?? [];
      rows.add(event.row);
      events.add(nameOf(event));
      byKey.set(
        event.keyDigest,
        [...own, event].sort((a, b) => a.row - b.row),
      );
    },
    has: (keyDigest) => byKey.has(keyDigest),
    hasRow: (row) => rows.has(row),
    hasEvent: (event) => events.has(nameOf(event)),
    heads: () => [...byKey.values()].flatMap(([first]) => first ?? []),
    replace(event) {
      const own = byKey.get(event.keyDigest) ?? [];
      byKey.set(
        event.keyDigest,
        own.map((each) => (each.row === event.row ? event : each)),
      );
    },
    remove(event) {
      const own = (byKey.get(event.keyDigest) ?? []).filter(({ row }) => row !== event.row);
      if (own.length > 0) byKey.set(event.keyDigest, own);
      else byKey.delete(event.keyDigest);
      rows.delete(event.row);
      events.delete(nameOf(event));
    },
    count: () => rows.size,
  };
}

/** A topic that was recreated has other events at the same offsets. */
const nameOf = ({ offset, eventId }: Pick<HeldEvent, 'offset' | 'eventId'>): string => `${offset} ${eventId}`;
