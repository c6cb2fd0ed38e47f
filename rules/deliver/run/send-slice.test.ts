import { expect, it } from 'vitest';
import type { Attempt } from '../send/attempt.ts';
import type { DeliveredEvent } from './event.ts';
import { sendSlice } from './send-slice.ts';

const event = (offset: number, keyDigest: string): DeliveredEvent => ({
  ...{ offset: BigInt(offset), keyDigest, eventId: `event-${offset}`, body: Buffer.from('{}'), appendedAt: 0 },
});
const attempt = (error?: string): Attempt => ({
  ...{ at: 0, durationMs: 1, status: 200, error, response: undefined, retryAfterMs: undefined, isGone: false },
});
const shown = (sendings: Awaited<ReturnType<typeof sendSlice>>) =>
  sendings.map(({ event: { offset }, attempt: done }) => `${offset} ${done ? (done.error ?? 'ok') : 'held'}`);

const events = [event(1, 'a'), event(2, 'b'), event(3, 'a'), event(4, 'b'), event(5, 'c')];
const always = { concurrency: 2, isHeld: () => false, mayTry: () => true };

it('sends a key’s events in order, and no two of a key at once', async () => {
  const underway = new Set<string>();
  const order: number[] = [];

  const sendings = await sendSlice(events, {
    ...always,
    async send({ keyDigest, offset }) {
      expect(underway.has(keyDigest)).toBe(false);
      underway.add(keyDigest);
      await new Promise((resolve) => setTimeout(resolve, offset === 1n ? 20 : 1));
      underway.delete(keyDigest);
      order.push(Number(offset));
      return attempt();
    },
  });

  expect(shown(sendings)).toEqual(['1 ok', '2 ok', '3 ok', '4 ok', '5 ok']);
  expect(order.indexOf(1)).toBeLessThan(order.indexOf(3));
  expect(order.indexOf(4)).toBeLessThan(order.indexOf(1));
});

it('holds what stands behind a failure of its key, and what stands behind a key that waits', async () => {
  const send = async ({ offset }: DeliveredEvent) => attempt(offset === 1n ? 'answered 500' : undefined);

  const sendings = await sendSlice(events, { ...always, isHeld: (key) => key === 'c', send });

  expect(shown(sendings)).toEqual(['1 answered 500', '2 ok', '3 held', '4 ok', '5 held']);
});

it('leaves out what it may not try, or what was called off', async () => {
  let left = 2;
  const send = async ({ offset }: DeliveredEvent) => (offset === 2n ? undefined : attempt());

  const sendings = await sendSlice(events, { ...always, concurrency: 1, mayTry: () => left-- > 0, send });

  expect(shown(sendings)).toEqual(['1 ok', '3 ok']);
});
