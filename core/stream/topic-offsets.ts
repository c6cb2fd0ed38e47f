import { retry } from '../retry/retry.ts';
import type { Admin } from './admin.ts';
import { isUnsettled } from './kafka-fault.ts';

export type PartitionOffsets = {
  readonly partition: number;
  readonly lowOffset: bigint;
  readonly logEndOffset: bigint;
};

/** The part of an admin that says where topics start and end. */
export type OffsetReader = Pick<Admin, 'fetchOffsets'>;

/** About 2 s: kafkajs gives up at the first refusal. */
const WHILE_LEADERS_SETTLE = { while: isUnsettled, firstDelayMs: 100, maxDelayMs: 150, attempts: 18 };

/** The first offset that a topic's partitions still hold, and the offset that the next record will get. */
export async function topicOffsets(admin: OffsetReader, topic: string): Promise<PartitionOffsets[]> {
  const offsets = await retry(WHILE_LEADERS_SETTLE, () => admin.fetchOffsets(topic));
  return offsets.sort((a, b) => a.partition - b.partition);
}
