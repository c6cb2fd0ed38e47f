import type { Admin } from 'kafkajs';
import { retry } from '../retry/retry.ts';
import { isUnsettled } from './kafka-fault.ts';

export type PartitionOffsets = {
  readonly partition: number;
  readonly lowOffset: bigint;
  readonly logEndOffset: bigint;
};

/** The part of an admin client that tells where topics start and end. */
export type OffsetReader = Pick<Admin, 'fetchTopicOffsets'>;

/** About 2 s: kafkajs gives up at the first refusal. */
const WHILE_LEADERS_SETTLE = { while: isUnsettled, firstDelayMs: 100, maxDelayMs: 150, attempts: 18 };

/** The first offset that a topic's partitions still hold, and the offset that the next record will get. */
export async function topicOffsets(admin: OffsetReader, topic: string): Promise<PartitionOffsets[]> {
  const offsets = await retry(WHILE_LEADERS_SETTLE, () => admin.fetchTopicOffsets(topic));
  return offsets
    .map(({ partition, low, high }) => ({ partition, lowOffset: BigInt(low), logEndOffset: BigInt(high) }))
    .sort((a, b) => a.partition - b.partition);
}
