const FIRST = [0xdeadbeef, 0x41c6ce57] as const;
const FACTORS = [0x9e3779b1, 0x5f356495] as const;
/** No text has it, so that `a`, `bc` is told from `ab`, `c`. */
const BETWEEN = 0x1_0000;

/** 64 bits of a few texts, the same in every process: `low` and `high` from 0 to 2³² − 1, `high` never 0. */
export function fingerprint(...texts: readonly string[]): { readonly low: number; readonly high: number } {
  let [a, b]: [number, number] = [...FIRST];
  for (const text of texts) {
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, FACTORS[0]);
      b = Math.imul(b ^ unit, FACTORS[1]);
    }
    a = Math.imul(a ^ BETWEEN, FACTORS[0]);
    b = Math.imul(b ^ BETWEEN, FACTORS[1]);
  }
  const low = mixed(a, b);
  return { low, high: mixed(b, low) || 1 };
}

function mixed(state: number, other: number): number {
  const once = Math.imul(state ^ (state >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
  return (once ^ (once >>> 16)) >>> 0;
}
