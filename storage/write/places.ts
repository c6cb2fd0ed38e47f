import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import type { Batch } from '@millrace/core/stream/consume';
import { type OffsetReader, topicOffsets } from '@millrace/core/stream/topic-offsets';
import type { StorageMetrics } from '../storage-metrics.ts';
import { beginCheckpoint, readCheckpoint, resetCheckpoint } from './checkpoint.ts';
import { retryTransient } from './retry-transient.ts';

type PlacesOptions = {
  readonly db: Database;
  readonly admin: OffsetReader;
  readonly metrics: StorageMetrics;
  readonly log: Log;
};

/** Where partitions are read from: what MySQL says, whatever Kafka has committed. */
export function createPlaces({ db, admin, metrics, log }: PlacesOptions) {
  return {
    /**
     * The record before the next one is read once more where it is known, so that a topic made anew shows itself even
     * when it has grown past the checkpoint. A partition without a checkpoint gets one, at its oldest record.
     */
    async checkpoint(topic: string, partition: number, signal: AbortSignal): Promise<bigint> {
      const found = await retryTransient({ signal, log }, () => readCheckpoint(db, topic, partition));
      const lowOffset = await lowOffsetOf(topic, partition);
      if (found) {
        const { lastOffset, nextOffset } = found;
        if (nextOffset < lowOffset) return passOver(topic, partition, nextOffset, lowOffset, signal);
        return lastOffset !== undefined && lastOffset >= lowOffset ? lastOffset : nextOffset;
      }
      return retryTransient({ signal, log }, async () => {
        await beginCheckpoint(db, topic, partition, lowOffset);
        const begun = await readCheckpoint(db, topic, partition);
        return begun?.nextOffset ?? lowOffset;
      });
    },

    /** A topic that ends before the checkpoint was truncated or made anew. */
    async onShrunk(topic: string, partition: number): Promise<void> {
      const found = await retryTransient({ log }, () => readCheckpoint(db, topic, partition));
      if (found) await reset(topic, partition, found.nextOffset);
    },

    async onReplaced({ topic, partition }: Batch, nextOffset: bigint): Promise<void> {
      log.error({ topic, partition, offset: nextOffset }, 'the topic was made anew: reading it from its oldest record');
      await reset(topic, partition, nextOffset);
    },
  };

  /** Retention or a person has removed records that were not stored yet: told once, by whoever moves the checkpoint. */
  async function passOver(topic: string, partition: number, from: bigint, to: bigint, signal: AbortSignal) {
    const moved = await retryTransient({ signal, log }, () => resetCheckpoint(db, { topic, partition, from, to }));
    if (moved) {
      log.error({ topic, partition, offset: from, low_offset: to }, 'records were removed before they were stored');
      metrics.missed.inc({ topic }, Number(to - from));
    }
    return to;
  }

  async function reset(topic: string, partition: number, from: bigint) {
    metrics.replaced.inc({ topic });
    await resetCheckpoint(db, { topic, partition, from, to: await lowOffsetOf(topic, partition) });
  }

  async function lowOffsetOf(topic: string, partition: number): Promise<bigint> {
    const offsets = await topicOffsets(admin, topic);
    return offsets.find((each) => each.partition === partition)?.lowOffset ?? 0n;
  }
}
