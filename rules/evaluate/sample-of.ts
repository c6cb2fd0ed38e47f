import type { CompiledRule } from './compile-rule.ts';
import type { Cause } from './evaluate-rules.ts';
import { fingerprint } from './fingerprint.ts';

const FACTOR = 0x9e3779b1;
const RANGE = 0x1_0000_0000;

/**
 * Which rules keep an evaluation of this cause that did not win, where a share is kept: always the same for the same rule, version, account
 * and cause.
 */
export function sampleOf({ accountId, cause }: Cause, share: number): (rule: CompiledRule) => boolean {
  if (share <= 0) return () => false;
  if (share >= 1) return () => true;
  const { low } = fingerprint(accountId, cause);
  return ({ seed }) => (Math.imul(seed ^ low, FACTOR) >>> 0) / RANGE < share;
}
