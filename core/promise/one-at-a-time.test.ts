import { expect, it } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';
import { withResolvers } from './with-resolvers.ts';

it('begins the next work when the one before has ended, also where that failed', async () => {
  const inTurn = oneAtATime();
  const { promise, reject } = withResolvers<never>();
  const begun: string[] = [];

  const first = inTurn(() => {
    begun.push('first');
    return promise;
  });
  const second = inTurn(async () => begun.push('second'));
  await Promise.resolve();
  expect(begun).toEqual(['first']);

  reject(new Error('failed'));
  await expect(first).rejects.toThrow('failed');
  await second;
  expect(begun).toEqual(['first', 'second']);
});
