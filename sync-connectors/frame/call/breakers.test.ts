import { silentLog } from '@millrace/testing/serve-for-test';
import { BrokenCircuitError } from 'cockatiel';
import { expect, it } from 'vitest';
import { createBreakers } from './breakers.ts';
import { FailedTry } from './try-call.ts';

it('leaves a host alone after five failures in a row, and no other', async () => {
  const reported: boolean[] = [];
  const breakers = createBreakers({ connector: 'listings', breakMs: 60_000, log: silentLog });
  breakers.onOpen((isOpen) => reported.push(isOpen));
  const fail = () => Promise.reject(new FailedTry('no answer', 'network'));

  for (let n = 0; n < 5; n += 1)
    await expect(breakers.of(`http://down.example/${n}`).execute(fail)).rejects.toThrow('no answer');

  await expect(breakers.of('http://down.example/feed').execute(async () => 1)).rejects.toThrow(BrokenCircuitError);
  expect(await breakers.of('http://up.example/feed').execute(async () => 1)).toBe(1);
  expect(breakers.isOpen()).toBe(true);
  expect(reported).toEqual([false, true]);
});

it('takes a host that asks for patience for one that answers', async () => {
  const breakers = createBreakers({ connector: 'listings', breakMs: 60_000, log: silentLog });
  const throttle = () => Promise.reject(new FailedTry('too many', '429', true));

  for (let n = 0; n < 9; n += 1)
    await expect(breakers.of('http://busy.example/').execute(throttle)).rejects.toThrow('too many');

  expect(breakers.isOpen()).toBe(false);
});
