import { expect, it } from 'vitest';
import { fakeHistory } from '../test/fake-history.ts';
import { things } from '../test/things.ts';
import { checkTopics } from './check-topics.ts';
import { freshnessOf } from './freshness.ts';

function fresh(
  name: string,
  lag: bigint | undefined,
  endOffsetsAskedAt: number | undefined,
  watermark: number | undefined = 7,
) {
  return {
    stream: { ...things, name },
    history: fakeHistory([{ partition: 0, nextOffset: 1n, orderTime: watermark ?? 0, last: undefined }]),
    watermark: () => watermark,
    lag: () => lag,
    endOffsetsAskedAt: () => endOffsetsAskedAt,
  };
}

it('adds up the lag of all streams, and reaches as far as the least of them', () => {
  const now = performance.now();

  expect(freshnessOf([fresh('a', 2n, now), fresh('b', 3n, now, 5)])).toEqual({
    asOf: 5,
    lastUpdated: 7,
    lag: 5n,
    unknown: [],
  });
});

it('claims no lag of a stream whose end Kafka did not say, never said, or said too long ago', () => {
  const now = performance.now();
  const known = fresh('known', 0n, now);

  for (const unknown of [fresh('u', 0n, undefined), fresh('u', undefined, now), fresh('u', 0n, now - 60_000)]) {
    expect(freshnessOf([known, unknown])).toMatchObject({ lag: undefined, unknown: ['u'] });
    expect(checkTopics([known, unknown])).toEqual({
      ok: false,
      detail: 'Kafka does not say where the topic ends of: u',
    });
  }
  expect(freshnessOf([known], now + 1)).toMatchObject({ lag: undefined, unknown: ['known'] });
  expect(checkTopics([known]).ok).toBe(true);
});
