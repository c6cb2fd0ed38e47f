const FULL = 0.5;
const FIRST_SIZE = 1_024;

export type IdSet = {
  /** Whether the id is new. */
  add(id: string): boolean;
};

/** Ids seen in a feed, 16 bytes each whatever their length: by their hash of 53 bits, of which none is 0. */
export function createIdSet(): IdSet {
  let slots = new Float64Array(FIRST_SIZE);
  let count = 0;

  function place(table: Float64Array, hash: number): boolean {
    let at = hash % table.length;
    while (table[at] !== 0) {
      if (table[at] === hash) return false;
      at = (at + 1) % table.length;
    }
    table[at] = hash;
    return true;
  }

  return {
    add(id) {
      if (count > slots.length * FULL) {
        const larger = new Float64Array(slots.length * 2);
        for (const hash of slots) if (hash !== 0) place(larger, hash);
        slots = larger;
      }
      const isNew = place(slots, hashOf(id));
      if (isNew) count += 1;
      return isNew;
    },
  };
}

/** cyrb53: 53 bits from two multiplications. */
function hashOf(text: string): number {
  let one = 0xdeadbeef;
  let other = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 2_654_435_761);
    other = Math.imul(other ^ code, 1_597_334_677);
  }
  one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(other ^ (other >>> 13), 3_266_489_909);
  other = Math.imul(other ^ (other >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & other) + (one >>> 0) + 1;
}
