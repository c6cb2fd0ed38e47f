import { isKafkaFault } from './kafka-fault.ts';
import type { Position } from './progress.ts';
import { type OffsetReader, topicOffsets } from './topic-offsets.ts';

export type PartitionLag = {
  readonly topic: string;
  readonly partition: number;
  /** Undefined where Kafka does not say: the topic is missing, or ends before what was read. */
  readonly lag: bigint | undefined;
};

/**
 * How many offsets each partition is behind its end, now. Counted in offsets, so control records count too: a lag of zero
 * means that all is read, a positive one is an upper bound of the records left.
 */
export async function measureLag(admin: OffsetReader, positions: readonly Position[]): Promise<PartitionLag[]> {
  const topics = [...new Set(positions.map(({ topic }) => topic))];
  const ends = new Map(await Promise.all(topics.map(async (topic) => [topic, await offsetsOf(topic)] as const)));
  return positions.map(({ topic, partition, nextOffset }) => {
    const held = ends.get(topic)?.find((each) => each.partition === partition);
    const lag = held && held.logEndOffset - (nextOffset ?? held.lowOffset);
    return { topic, partition, lag: lag === undefined || lag < 0n ? undefined : lag };
  });

  async function offsetsOf(topic: string) {
    try {
      return await topicOffsets(admin, topic);
    } catch (error) {
      if (isKafkaFault(error)) return [];
      throw error;
    }
  }
}
