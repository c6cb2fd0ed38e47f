import { startFromCheckpoint } from '@millrace/core/checkpoint/start-from-checkpoint';
import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import type { ToRecord } from '@millrace/core/record/compile-record';
import type { Stream } from '@millrace/core/schema/stream';
import type { Admin } from '@millrace/core/stream/admin';
import { type Consumption, consume } from '@millrace/core/stream/consume';
import { createDecoder } from '@millrace/core/stream/create-decoder';
import type { Producer } from '@millrace/core/stream/create-producer';
import type { Kafka } from '@millrace/core/stream/kafka';
import type { Registry } from '@millrace/core/stream/open-registry';
import { CONSUMER, welcomeAccounts } from './welcome-accounts.ts';

type WorkerOptions = {
  readonly kafka: Pick<Kafka, 'createConsumer'>;
  readonly admin: Pick<Admin, 'fetchOffsets' | 'committedOffsets'>;
  readonly registry: Registry;
  readonly producer: Pick<Producer, 'produce'>;
  /** With the tables of `accountMigrations`. */
  readonly db: Database;
  readonly accounts: Stream;
  readonly events: Stream;
  /** Makes records of `events`. */
  readonly toRecord: ToRecord;
  /** Begins the name of its consumer group. */
  readonly groupPrefix: string;
  readonly log: Log;
  /** Called when a batch's welcome events are on Kafka and nothing is noted of them yet. */
  readonly onWelcomed?: (count: number) => void;
};

/** Gives each new account a `welcome` event. Further workers of the group share the partitions; the part ends when it is closed. */
export function startAccountWorker(options: WorkerOptions): Promise<Consumption> {
  const { kafka, admin, registry, db, accounts, groupPrefix, log } = options;
  const { checkpoint, onShrunk, replaced } = startFromCheckpoint({
    ...{ db, consumer: CONSUMER, admin, log },
    onReplaced: () => undefined,
    onMissed: () => undefined,
  });
  const onBatch = welcomeAccounts({ ...options, decode: createDecoder(registry, accounts), onReplaced: replaced });
  return consume({
    ...{ kafka, admin, log, onBatch, checkpoint, onShrunk },
    groupId: `${groupPrefix}${CONSUMER}`,
    topics: [accounts.topic],
    commitHints: true,
  });
}
