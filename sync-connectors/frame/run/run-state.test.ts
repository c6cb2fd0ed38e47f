import { expect, it } from 'vitest';
import type { RunState } from './run.ts';
import { combineStates } from './run-state.ts';

const cases: readonly (readonly [RunState, readonly RunState[]])[] = [
  ['succeeded', []],
  ['succeeded', ['succeeded', 'succeeded']],
  ['running', ['held', 'running']],
  ['cancelled', ['held', 'cancelled', 'failed']],
  ['held', ['held', 'failed', 'succeeded']],
  ['failed', ['failed', 'failed']],
  ['partial', ['failed', 'succeeded']],
  ['partial', ['partial', 'succeeded']],
];

it.each(cases)('is %s of %j', (expected, states) => {
  expect(combineStates(states)).toBe(expected);
});
