const [FIRST_A, FACTOR_A] = [0xdeadbeef, 0x9e3779b1] as const;
const [FIRST_B, FACTOR_B] = [0x41c6ce57, 0x5f356495] as const;
/** No text has it, so that `a`, `bc` is told from `ab`, `c`. */
const BETWEEN = 0x1_0000;

/** 64 bits of a few texts, the same in every process: `low` and `high` from 0 to 2³² − 1, `high` never 0. */
export function fingerprint(...texts: readonly string[]): { readonly low: number; readonly high: number } {
  let a: number = FIRST_A;
  let b: number = FIRST_B;
  for (const text of texts) {
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, FACTOR_A);
      b = Math.imul(b ^ unit, FACTOR_B);
    }
    a = Math.imul(a ^ BETWEEN, FACTOR_A);
    b = Math.imul(b ^ BETWEEN, FACTOR_B);
  }
  const low = mixed(a, b);
  return { low, high: mixed(b, low) || 1 };
}

function mixed(state: number, other: number): number {
  const once = Math.imul(state ^ (state >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
  return (once ^ (once >>> 16)) >>> 0;
}
