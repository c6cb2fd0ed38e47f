import type { CompiledRule } from './compile-rule.ts';
import type { Cause } from './evaluate-rules.ts';

const FACTOR = 0x9e3779b1;
const RANGE = 0x1_0000_0000;

/**
 * Whether an evaluation that did not win is among the share that is kept: always the same for the same rule, version, account
 * and cause.
 */
export function isSampled({ seed }: CompiledRule, { fingerprint }: Cause, share: number): boolean {
  if (share <= 0) return false;
  if (share >= 1) return true;
  return (Math.imul(seed ^ fingerprint, FACTOR) >>> 0) / RANGE < share;
}
