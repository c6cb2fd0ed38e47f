import { randomFrom } from '@millrace/testing/random-from';
import { expect, it } from 'vitest';
import { fingerprint } from './fingerprint.ts';
import { createRepeats, REPEAT_MS } from './repeats.ts';

it('knows the events of seven days, as a list of all of them would', () => {
  const random = randomFrom(11);
  const repeats = createRepeats({ least: 16, most: 256 });
  const seen = new Map<string, number>();
  let at = Date.UTC(2026, 0, 1);

  for (let i = 0; i < 20_000; i += 1) {
    at += random(3) === 0 ? random(REPEAT_MS / 2_000) : 0;
    const event = [`stream-${random(2)}`, `account-${random(20)}`, `event-${random(3_000)}`] as const;
    const before = seen.get(event.join());
    seen.set(event.join(), at);

    expect(repeats.isRepeat(...event, at)).toBe(before !== undefined && at - before <= REPEAT_MS);
  }
});

it('counts seven days to the millisecond, from the last repeat on', () => {
  const repeats = createRepeats();
  const seeAt = (at: number) => repeats.isRepeat('runs', 'ann', 'event', at);

  expect([0, REPEAT_MS, 2 * REPEAT_MS, 3 * REPEAT_MS + 1].map(seeAt)).toEqual([false, true, true, false]);
});

it('tells events apart by every text, and where one text ends', () => {
  const repeats = createRepeats();
  const found = Array.from({ length: 200_000 }, (_, n) => repeats.isRepeat('runs', `${n % 1_000}`, `${n}`, n));

  expect(found.filter(Boolean)).toEqual([]);
  expect(fingerprint('a', 'bc')).not.toEqual(fingerprint('ab', 'c'));
  expect(fingerprint('runs', 'ann', 'event')).toEqual({ low: 477_751_200, high: 1_368_468_586 });
});
