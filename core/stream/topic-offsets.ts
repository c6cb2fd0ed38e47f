import { setTimeout as pause } from 'node:timers/promises';
import type { Admin } from 'kafkajs';

export type PartitionOffsets = {
  readonly partition: number;
  readonly lowOffset: bigint;
  readonly logEndOffset: bigint;
};

/** The part of an admin client that tells where topics start and end. */
export type OffsetReader = Pick<Admin, 'fetchTopicOffsets'>;

const ATTEMPTS = 20;
const PAUSE_MS = 100;

/** The first offset that a topic's partitions still hold, and the offset that the next record will get. */
export async function topicOffsets(admin: OffsetReader, topic: string): Promise<PartitionOffsets[]> {
  const offsets = await whileLeadersSettle(() => admin.fetchTopicOffsets(topic));
  return offsets
    .map(({ partition, low, high }) => ({ partition, lowOffset: BigInt(low), logEndOffset: BigInt(high) }))
    .sort((a, b) => a.partition - b.partition);
}

/** A topic just made, or one whose leader just moved, is refused for a moment; kafkajs gives up at the first refusal. */
async function whileLeadersSettle<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === ATTEMPTS || !isUnsettled(error)) throw error;
      await pause(PAUSE_MS);
    }
  }
}

const UNSETTLED = new Set(['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE', 'UNKNOWN_TOPIC_OR_PARTITION']);

const isUnsettled = (error: unknown) =>
  error instanceof Error && 'type' in error && typeof error.type === 'string' && UNSETTLED.has(error.type);
