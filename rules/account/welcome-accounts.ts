import type { StartFromCheckpoint } from '@millrace/core/checkpoint/start-from-checkpoint';
import { TopicReplaced } from '@millrace/core/checkpoint/topic-replaced';
import { checkpointGuard } from '@millrace/core/checkpoint/with-checkpoint';
import type { Database, Transaction } from '@millrace/core/database/open-database';
import { whileTransient } from '@millrace/core/database/while-transient';
import type { Log } from '@millrace/core/log/create-log';
import type { ToRecord } from '@millrace/core/record/compile-record';
import { retry } from '@millrace/core/retry/retry';
import type { Stream } from '@millrace/core/schema/stream';
import { CheckpointMismatch } from '@millrace/core/stream/checkpoint-mismatch';
import type { Batch } from '@millrace/core/stream/consume';
import type { DecodeBatch } from '@millrace/core/stream/create-decoder';
import type { LaneRecord, Producer } from '@millrace/core/stream/create-producer';
import { traceOf } from '@millrace/core/trace/trace-context';
import { type FirstRecord, firstRecords } from './first-records.ts';
import { addKnown, findKnown } from './known-accounts.ts';
import { SOURCE, welcomeEvent } from './welcome-event.ts';

type WelcomeOptions = {
  readonly db: Database;
  readonly decode: DecodeBatch;
  readonly producer: Pick<Producer, 'produce'>;
  readonly events: Pick<Stream, 'topic'>;
  readonly toRecord: ToRecord;
  readonly log: Log;
  /** Called when the topic is not the one that was read; reading starts over. */
  readonly onReplaced: StartFromCheckpoint['replaced'];
  readonly onWelcomed?: (count: number) => void;
};

/** The name in the key of its checkpoints. */
export const CONSUMER = 'rules-accounts';

/**
 * Welcomes the new accounts of a batch. Their events are on Kafka before the accounts are noted as known, in one transaction with the
 * checkpoint: what is killed in between makes the same events again, with the same ids.
 */
export function welcomeAccounts(options: WelcomeOptions) {
  const { db, decode, producer, events, toRecord, log, onReplaced, onWelcomed = () => undefined } = options;
  const withCheckpoint = checkpointGuard(CONSUMER);
  const notYet = whileTransient(log, 'new accounts are not welcomed yet, trying again');

  return async (batch: Batch, signal: AbortSignal): Promise<void> => {
    const patient = { ...notYet, signal };
    const decoded = await retry(patient, () => decode(batch.records.map(({ value }) => value)));
    const accounts = firstRecords(batch.records, decoded);
    try {
      await retry(patient, () =>
        db.transaction((trx) =>
          withCheckpoint(trx, batch, (nextOffset) =>
            welcome(
              trx,
              accounts.filter(({ offset }) => offset >= nextOffset),
            ),
          ),
        ),
      );
    } catch (error) {
      if (!(error instanceof TopicReplaced)) throw error;
      await retry(patient, () => onReplaced(batch, error.nextOffset));
      throw new CheckpointMismatch(error.message);
    }
  };

  async function welcome(trx: Transaction, accounts: readonly FirstRecord[]): Promise<void> {
    const known = await findKnown(trx, accounts.map(idOf));
    const found = accounts.filter((account) => !known.has(idOf(account)));
    const welcomes = found.filter(({ isClosed }) => !isClosed).flatMap(recordOf);
    if (welcomes.length > 0) await producer.produce(events.topic, welcomes);
    onWelcomed(welcomes.length);
    await addKnown(trx, found.map(idOf));
  }

  /** No event where none can be: an id that another producer wrote, and the stream of events does not take. */
  function recordOf(account: FirstRecord): LaneRecord[] {
    const { traceId, traceparent } = traceOf(account.traceparent);
    const accepted = toRecord(welcomeEvent(account), { traceId, traceparent, source: SOURCE });
    if (!accepted.faults) return [accepted.record];
    log.warn({ trace_id: traceId, faults: accepted.faults }, 'a new account can not be welcomed');
    return [];
  }
}

const idOf = ({ accountId }: FirstRecord): string => accountId;
