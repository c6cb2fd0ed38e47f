/** Which event ids were seen, by a 64-bit fingerprint each: never a false no, and a false yes once in ten billion asks. */
export type SeenEvents = {
  /** Whether the fingerprint of the uuid in the four words from `words[at]` was there already; it is afterwards. */
  add(words: Uint32Array, at: number, appendTime: number): boolean;
  size(): number;
};

type Table = { cells: Uint32Array; used: number };
/** Many small tables, so that growing one takes no time to speak of. */
type Generation = { readonly since: number; readonly tables: readonly Table[] };

const TABLES = 256;
const FIRST_SLOTS = 1 << 6;
const MAX_LOAD = 0.7;

/**
 * Keeps at least the last `windowMs` of append time and at most twice that: two generations, of which the older is
 * forgotten when the newer has lasted as long as the window. Eight bytes a slot, so 11 to 23 bytes an event.
 */
export function createSeenEvents(windowMs: number): SeenEvents {
  let older: Generation | undefined;
  let newer = generation(Number.NEGATIVE_INFINITY);

  return {
    add(words, at, appendTime) {
      if (newer.since === Number.NEGATIVE_INFINITY) newer = { ...newer, since: appendTime };
      if (appendTime > newer.since + windowMs) {
        older = newer;
        newer = generation(appendTime);
      }
      const low = mix((words[at] ?? 0) ^ Math.imul(words[at + 2] ?? 0, 0x9e3779b1));
      const high = mix((words[at + 1] ?? 0) ^ Math.imul(words[at + 3] ?? 0, 0x85ebca77) ^ low) || 1;
      if (older && has(tableOf(older, high).cells, low, high)) {
        insert(tableOf(newer, high), low, high);
        return true;
      }
      return !insert(tableOf(newer, high), low, high);
    },
    size: () => sizeOf(newer) + (older ? sizeOf(older) : 0),
  };
}

function generation(since: number): Generation {
  return {
    since,
    tables: Array.from({ length: TABLES }, () => ({ cells: new Uint32Array(FIRST_SLOTS * 2), used: 0 })),
  };
}

function tableOf({ tables }: Generation, high: number): Table {
  const table = tables[high % TABLES];
  if (!table) throw new Error('there is a table for each remainder');
  return table;
}

const sizeOf = ({ tables }: Generation) => tables.reduce((sum, { used }) => sum + used, 0);

/** Open addressing with linear probing; a slot is two words, of which the second is 0 when it is free. */
function slotOf(cells: Uint32Array, low: number, high: number): number {
  const mask = cells.length / 2 - 1;
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const held = cells[slot * 2 + 1];
    if (held === 0 || (held === high && cells[slot * 2] === low)) return slot;
  }
}

const has = (cells: Uint32Array, low: number, high: number) => cells[slotOf(cells, low, high) * 2 + 1] !== 0;

/** False when it was there already. */
function insert(into: Table, low: number, high: number): boolean {
  const slot = slotOf(into.cells, low, high);
  if (into.cells[slot * 2 + 1] !== 0) return false;
  into.cells[slot * 2] = low;
  into.cells[slot * 2 + 1] = high;
  into.used += 1;
  if (into.used > (into.cells.length / 2) * MAX_LOAD) into.cells = grown(into.cells);
  return true;
}

function grown(cells: Uint32Array): Uint32Array {
  const larger = new Uint32Array(cells.length * 2);
  for (let at = 0; at < cells.length; at += 2) {
    const high = cells[at + 1] ?? 0;
    if (high === 0) continue;
    const slot = slotOf(larger, cells[at] ?? 0, high);
    larger[slot * 2] = cells[at] ?? 0;
    larger[slot * 2 + 1] = high;
  }
  return larger;
}

/** A bijection of 32 bits that spreads them (the finalizer of murmur3). */
function mix(bits: number): number {
  let mixed = bits;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
