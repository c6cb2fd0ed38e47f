import { expect, it } from 'vitest';
import type { Attempt } from '../send/attempt.ts';
import { createGate } from './gate.ts';

const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  ...{ at: Date.now(), durationMs: 0, status: 500, error: 'answered 500', response: '' },
  ...{ retryAfterMs: undefined, isGone: false },
  ...more,
});
const never = new AbortController().signal;

it('pauses after five failures in a row, and no longer after a success', async () => {
  const gate = createGate({ firstMs: 60_000, longestMs: 60_000 });
  for (let n = 0; n < 4; n += 1) gate.report(attempt());
  expect([gate.isOpen(), gate.isCautious()]).toEqual([true, false]);

  gate.report(attempt());
  expect([gate.isOpen(), gate.isCautious()]).toEqual([false, true]);

  gate.report(attempt({ error: undefined, status: 200 }));
  expect([gate.isOpen(), gate.isCautious()]).toEqual([true, false]);
});

it('stays shut for as long as the endpoint asks, and for good when it is gone', async () => {
  const gate = createGate({ firstMs: 10, longestMs: 10 });
  const began = Date.now();
  gate.report(attempt({ retryAfterMs: 300 }));
  expect(gate.isOpen()).toBe(false);
  await gate.opened(never);
  expect(Date.now() - began).toBeGreaterThanOrEqual(299);

  gate.report(attempt({ isGone: true }));
  const ended = new AbortController();
  const opened = gate.opened(ended.signal);
  ended.abort();
  await expect(opened).rejects.toThrow(/abort/);
});
