import type { ConsumeOptions } from './consume.ts';
import { topicOffsets } from './topic-offsets.ts';

/**
 * Where reading a partition starts: the checkpoint, but no earlier than the oldest record still held. kafkajs would reset
 * an offset out of range without a word, so both ends are compared here.
 */
export async function startOffset(
  options: ConsumeOptions,
  topic: string,
  partition: number,
  signal: AbortSignal,
): Promise<bigint> {
  const checkpoint = await options.checkpoint(topic, partition, signal);
  const held = (await topicOffsets(options.admin, topic)).find((each) => each.partition === partition);
  if (!held) return checkpoint ?? 0n;
  const { lowOffset, logEndOffset } = held;
  if (checkpoint === undefined) return lowOffset;
  if (checkpoint > logEndOffset) {
    options.log.error(
      { topic, partition, offset: checkpoint, log_end_offset: logEndOffset },
      'the topic has shrunk: reading it again from its oldest record',
    );
    await options.onShrunk?.(topic, partition, checkpoint, logEndOffset);
    return lowOffset;
  }
  if (checkpoint < lowOffset)
    options.log.warn(
      { topic, partition, offset: checkpoint, low_offset: lowOffset },
      'records are gone before they were read',
    );
  return checkpoint;
}
