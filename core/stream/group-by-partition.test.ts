import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { groupByPartition } from './group-by-partition.ts';

const original = createRequire(import.meta.url)('kafkajs/src/producer/groupMessagesPerPartition');

describe('groupByPartition', () => {
  it.each([0, 1, 2, 500])('groups %i messages as kafkajs does', (count) => {
    const options = {
      topic: 'running',
      partitionMetadata: [{}, {}, {}],
      messages: Array.from({ length: count }, (_, n) => ({ partition: (n * 7) % 3, n })),
      partitioner: ({ message }: { message: { partition: number } }) => message.partition,
    };

    expect(groupByPartition(options)).toEqual(original(options));
  });

  it('groups nothing while the partitions are not known', () => {
    const options = { topic: 'running', partitionMetadata: [], messages: [{}], partitioner: () => 0 };

    expect(groupByPartition(options)).toEqual(original(options));
  });
});
