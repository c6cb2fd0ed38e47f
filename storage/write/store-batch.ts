import type { StartFromCheckpoint } from '@millrace/core/checkpoint/start-from-checkpoint';
import { TopicReplaced } from '@millrace/core/checkpoint/topic-replaced';
import type { WithCheckpoint } from '@millrace/core/checkpoint/with-checkpoint';
import type { Database, Transaction } from '@millrace/core/database/open-database';
import { whileTransient } from '@millrace/core/database/while-transient';
import type { Log } from '@millrace/core/log/create-log';
import { type RetryOptions, retry } from '@millrace/core/retry/retry';
import { CheckpointMismatch } from '@millrace/core/stream/checkpoint-mismatch';
import type { Batch } from '@millrace/core/stream/consume';
import type { WriteDeadLetters } from '../dead-letter/write-dead-letters.ts';
import type { StorageMetrics } from '../storage-metrics.ts';
import { applyChanges } from './apply-changes.ts';
import type { Sink } from './open-sink.ts';
import type { Prepared } from './prepare-changes.ts';
import { slices } from './slices.ts';

/** Enough rows to spread the cost of a commit; more would only cost memory. */
const TRANSACTION_RECORDS = 3_000;

type StoreOptions = {
  readonly db: Database;
  readonly sinks: ReadonlyMap<string, Sink>;
  readonly withCheckpoint: WithCheckpoint;
  readonly writeDeadLetters: WriteDeadLetters;
  /** Called when the topic is not the one that was stored from; reading starts over. */
  readonly onReplaced: StartFromCheckpoint['replaced'];
  readonly metrics: StorageMetrics;
  readonly log: Log;
};

/**
 * Stores a batch: its rows, its dead letters and the partition's next offset in one transaction, so a batch that comes again,
 * from Kafka or from a consumer that lost the partition, changes nothing. Tries again until the signal is aborted;
 * throws `CheckpointMismatch` when the batch does not follow what is stored.
 */
export function storeBatch({ db, sinks, withCheckpoint, writeDeadLetters, onReplaced, metrics, log }: StoreOptions) {
  const notStored = whileTransient(log, 'not stored yet, trying again');

  return async (batch: Batch, signal: AbortSignal): Promise<void> => {
    const sink = sinks.get(batch.topic);
    if (!sink) throw new Error(`no stream has the topic ${batch.topic}`);
    const patient = { ...notStored, signal, onRetry: () => metrics.retries.inc() };
    for (const slice of slices(batch, TRANSACTION_RECORDS)) await storeSlice(slice, sink, patient);
  };

  async function storeSlice(batch: Batch, sink: Sink, patient: RetryOptions): Promise<void> {
    const prepared = await retry(patient, () => sink.prepare(batch.records));
    try {
      await retry(patient, async () => {
        const done = metrics.transactions.startTimer();
        const counts = await db.transaction((trx) => store(trx, batch, sink, prepared));
        done();
        sink.beside?.onStored();
        metrics.stored(sink.stream, counts);
      });
    } catch (error) {
      if (!(error instanceof TopicReplaced)) throw error;
      await retry(patient, () => onReplaced(batch, error.nextOffset));
      throw new CheckpointMismatch(error.message);
    }
  }

  async function store(trx: Transaction, batch: Batch, sink: Sink, prepared: Prepared) {
    return withCheckpoint(trx, batch, async (nextOffset) => {
      const isNew = ({ record }: { record: { offset: bigint } }) => record.offset >= nextOffset;
      const applied = await applyChanges(trx, batch, sink, prepared.changes.filter(isNew));
      const rejected = [...prepared.rejected.filter(isNew), ...applied.rejected];
      if (rejected.length > 0) await writeDeadLetters(trx, batch, sink.stream, rejected);
      return { rows: applied.rows, deadLetters: rejected };
    });
  }
}
