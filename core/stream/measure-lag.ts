import { type OffsetReader, topicOffsets } from './topic-offsets.ts';

export type PartitionLag = {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: bigint;
  readonly logEndOffset: bigint;
  readonly lag: bigint;
};

/**
 * How many offsets each partition is behind its end, now. Counted in offsets, so control records count too: a lag of zero
 * means that all is read, a positive one is an upper bound of the records left.
 * @param nextOffset the first offset not done; undefined where nothing was done yet
 */
export async function measureLag(
  admin: OffsetReader,
  topics: readonly string[],
  nextOffset: (topic: string, partition: number) => bigint | undefined,
): Promise<PartitionLag[]> {
  const perTopic = await Promise.all(
    topics.map(async (topic) =>
      (await topicOffsets(admin, topic)).map(({ partition, lowOffset, logEndOffset }) => {
        const next = nextOffset(topic, partition) ?? lowOffset;
        return {
          topic,
          partition,
          nextOffset: next,
          logEndOffset,
          lag: logEndOffset > next ? logEndOffset - next : 0n,
        };
      }),
    ),
  );
  return perTopic.flat();
}
