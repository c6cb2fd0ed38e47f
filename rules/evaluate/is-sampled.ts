import type { CompiledRule } from './compile-rule.ts';

const PRIME = 0x01000193;
const BASIS = 0x811c9dc5;
const RANGE = 0x1_0000_0000;

/**
 * Whether an evaluation that did not win is among the share that is kept: always the same for the same rule, version, account
 * and cause.
 */
export function isSampled({ ruleId, version }: CompiledRule, accountId: string, cause: string, share: number): boolean {
  if (share <= 0) return false;
  if (share >= 1) return true;
  return mixed(hash(cause, hash(accountId, hash(ruleId, BASIS ^ version)))) / RANGE < share;
}

/** FNV-1a, of 32 bits. */
function hash(text: string, seed: number): number {
  let state = seed;
  for (let i = 0; i < text.length; i += 1) state = Math.imul(state ^ text.charCodeAt(i), PRIME);
  return state;
}

function mixed(state: number): number {
  const once = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}
