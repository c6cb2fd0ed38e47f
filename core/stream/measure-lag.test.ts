import { expect, it } from 'vitest';
import { UnknownTopic } from './kafka-fault.ts';
import { measureLag } from './measure-lag.ts';

const admin = {
  async fetchOffsets(topic: string) {
    if (topic === 'gone') throw Object.assign(new UnknownTopic([topic]), { type: 'TOPIC_AUTHORIZATION_FAILED' });
    return [
      { partition: 0, lowOffset: 3n, logEndOffset: 10n },
      { partition: 1, lowOffset: 0n, logEndOffset: 0n },
    ];
  },
};
const at = (topic: string, partition: number, nextOffset?: bigint) => ({
  ...{ topic, partition, nextOffset, logEndOffset: undefined },
});

it('counts from where reading is, and from the oldest record where it has not begun', async () => {
  const lags = await measureLag(admin, [at('music', 0, 4n), at('music', 0), at('music', 1, 0n)]);

  expect(lags.map(({ lag }) => lag)).toEqual([6n, 7n, 0n]);
});

it('claims nothing of a topic that is missing, a partition that it lacks, and one that ends before what was read', async () => {
  const lags = await measureLag(admin, [
    at('gone', 0, 4n),
    at('music', 2, 1n),
    at('music', 0, 11n),
    at('music', 0, 10n),
  ]);

  expect(lags.map(({ lag }) => lag)).toEqual([undefined, undefined, undefined, 0n]);
});
