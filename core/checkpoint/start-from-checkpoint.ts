import type { Database } from '../database/open-database.ts';
import { whileTransient } from '../database/while-transient.ts';
import type { Log } from '../log/create-log.ts';
import { retry } from '../retry/retry.ts';
import type { Batch, ConsumeOptions } from '../stream/consume.ts';
import { type OffsetReader, topicOffsets } from '../stream/topic-offsets.ts';
import { beginCheckpoint, moveCheckpoint, readCheckpoint } from './checkpoint.ts';

type StartOptions = {
  readonly db: Database;
  /** The name in the checkpoint's key. */
  readonly consumer: string;
  readonly admin: OffsetReader;
  readonly log: Log;
  /** Called when a partition is read from its oldest record again, as its topic was truncated or recreated. */
  readonly onReplaced: (topic: string) => void;
  /** Called with the number of offsets that were removed from a topic before they were read. */
  readonly onMissed: (topic: string, offsets: number) => void;
};

/** The options of `consume` that make it read from the checkpoints, and what to do with a `TopicReplaced`. */
export type StartFromCheckpoint = Required<Pick<ConsumeOptions, 'checkpoint' | 'onShrunk'>> & {
  readonly replaced: (batch: Batch, nextOffset: bigint) => Promise<void>;
};

/** Starts partitions at the checkpoints in the database; the offsets committed in Kafka do not count. */
export function startFromCheckpoint(options: StartOptions): StartFromCheckpoint {
  const { db, consumer, admin, log, onReplaced, onMissed } = options;
  const patient = whileTransient(log, 'the checkpoint is not read yet, trying again');

  return {
    /**
     * The record before the next one is read once more where it is known, so that a recreated topic is noticed even
     * when it has grown past the checkpoint. A partition without a checkpoint gets one, at its oldest record.
     */
    async checkpoint(topic, partition, signal) {
      const key = { consumer, topic, partition };
      const found = await retry({ ...patient, signal }, () => readCheckpoint(db, key));
      const lowOffset = await lowOffsetOf(topic, partition);
      if (found) {
        const { lastOffset, nextOffset } = found;
        if (nextOffset < lowOffset) return skipRemoved(topic, partition, nextOffset, lowOffset, signal);
        return lastOffset !== undefined && lastOffset >= lowOffset ? lastOffset : nextOffset;
      }
      return retry({ ...patient, signal }, async () => {
        await beginCheckpoint(db, key, lowOffset);
        const begun = await readCheckpoint(db, key);
        return begun?.nextOffset ?? lowOffset;
      });
    },

    /** A topic that ends before the checkpoint was truncated or recreated. */
    async onShrunk(topic, partition) {
      const found = await retry(patient, () => readCheckpoint(db, { consumer, topic, partition }));
      if (found) await startOver(topic, partition, found.nextOffset);
    },

    async replaced({ topic, partition }, nextOffset) {
      log.error({ topic, partition, offset: nextOffset }, 'the topic was recreated: reading it from its oldest record');
      await startOver(topic, partition, nextOffset);
    },
  };

  /** Retention or a person has removed records that were not read yet: reported once, by the replica that moves the checkpoint. */
  async function skipRemoved(topic: string, partition: number, from: bigint, to: bigint, signal: AbortSignal) {
    const key = { consumer, topic, partition };
    const moved = await retry({ ...patient, signal }, () => moveCheckpoint(db, key, { from, to }));
    if (moved) {
      log.error({ topic, partition, offset: from, low_offset: to }, 'records were removed before they were read');
      onMissed(topic, Number(to - from));
    }
    return to;
  }

  async function startOver(topic: string, partition: number, from: bigint) {
    onReplaced(topic);
    await moveCheckpoint(db, { consumer, topic, partition }, { from, to: await lowOffsetOf(topic, partition) });
  }

  async function lowOffsetOf(topic: string, partition: number): Promise<bigint> {
    const offsets = await topicOffsets(admin, topic);
    return offsets.find((each) => each.partition === partition)?.lowOffset ?? 0n;
  }
}
