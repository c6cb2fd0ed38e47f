import { fingerprint } from './fingerprint.ts';

/** Within this much append time, a further event of the same id is a repeat. */
export const REPEAT_MS = 7 * 86_400_000;

export type Repeats = {
  /**
   * Notes an event of an account, and says whether one of its id came at most seven days before. A repeat counts for those after it,
   * so whether an event is one depends on the seven days before it alone.
   * @param at never less than before
   */
  isRepeat(stream: string, accountId: string, eventId: string, at: number): boolean;
};

/** A hash table of events by 64 bits of theirs, with when each was last seen. It never grows: another one follows it. */
type Table = {
  readonly low: Uint32Array;
  /** 0 where there is no event. */
  readonly high: Uint32Array;
  readonly seenAt: Float64Array;
  used: number;
  /** When the last event was noted. */
  newest: number;
};

/** The slots of the first table and of the largest ones: powers of two. */
const SLOTS = { least: 2 ** 16, most: 2 ** 20 };
/** Past this share of used slots it takes long to find a free one. */
const FULL = 0.7;

/**
 * The events of the last seven days, in 23 bytes each rather than as text. That two of ten million are taken for one another has a chance
 * of one to 300,000, and it would be the same two in every process. Tables are dropped once all that they hold is older.
 */
export function createRepeats({ least, most } = SLOTS): Repeats {
  /** The newest first. */
  const tables: Table[] = [newTable(least)];

  return {
    isRepeat(stream, accountId, eventId, at) {
      while (tables.length > 1 && (tables.at(-1)?.newest ?? at) < at - REPEAT_MS) tables.pop();
      const { low, high } = fingerprint(stream, accountId, eventId);
      const before = lastSeen(low, high);
      note(low, high, at);
      return before !== undefined && at - before <= REPEAT_MS;
    },
  };

  function lastSeen(low: number, high: number): number | undefined {
    for (const table of tables) {
      const slot = slotOf(table, low, high);
      if (table.high[slot] !== 0) return table.seenAt[slot];
    }
    return undefined;
  }

  function note(low: number, high: number, at: number): void {
    const table = withRoom();
    const slot = slotOf(table, low, high);
    if (table.high[slot] === 0) table.used += 1;
    table.low[slot] = low;
    table.high[slot] = high;
    table.seenAt[slot] = at;
    table.newest = at;
  }

  function withRoom(): Table {
    const [first] = tables;
    const slots = first?.low.length ?? least;
    if (first && first.used < slots * FULL) return first;
    const next = newTable(Math.min(slots * 2, most));
    tables.unshift(next);
    return next;
  }
}

const newTable = (slots: number): Table => ({
  ...{ low: new Uint32Array(slots), high: new Uint32Array(slots), seenAt: new Float64Array(slots) },
  ...{ used: 0, newest: Number.NEGATIVE_INFINITY },
});

/** Where an event is, or the free slot where it would be. */
function slotOf({ low: lows, high: highs }: Table, low: number, high: number): number {
  const mask = lows.length - 1;
  let slot = low & mask;
  while (highs[slot] !== 0 && !(highs[slot] === high && lows[slot] === low)) slot = (slot + 1) & mask;
  return slot;
}
