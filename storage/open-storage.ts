import { startFromCheckpoint } from '@millrace/core/checkpoint/start-from-checkpoint';
import { checkpointGuard } from '@millrace/core/checkpoint/with-checkpoint';
import type { Config } from '@millrace/core/config/read-config';
import type { Database } from '@millrace/core/database/open-database';
import type { Route } from '@millrace/core/http/route-table';
import type { Log } from '@millrace/core/log/create-log';
import type { Metrics } from '@millrace/core/metrics/create-metrics';
import type { Stream } from '@millrace/core/schema/stream';
import type { Check } from '@millrace/core/service/health';
import type { Use } from '@millrace/core/service/parts';
import type { UntilUp } from '@millrace/core/service/until-up';
import { watchProgress } from '@millrace/core/service/watch-progress';
import { checkReadable } from '@millrace/core/stream/check-readable';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { consume } from '@millrace/core/stream/consume';
import { createProducer } from '@millrace/core/stream/create-producer';
import { DEAD_LETTER_BYTES, ensureTopics } from '@millrace/core/stream/ensure-topics';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { watchTopics } from '@millrace/core/stream/watch-topics';
import { deadLetterRoutes } from './dead-letter/dead-letter-routes.ts';
import { createRedrive } from './dead-letter/redrive.ts';
import { createWriteDeadLetters } from './dead-letter/write-dead-letters.ts';
import { storageMetrics } from './metrics.ts';
import { observeLag } from './observe-lag.ts';
import { openParking } from './parking/open-parking.ts';
import { readRows } from './query/read-rows.ts';
import { rowRoutes } from './query/row-routes.ts';
import { expireRows } from './retention/expire-rows.ts';
import { openSearch } from './search/open-search.ts';
import type { StorageSettings } from './settings.ts';
import { createStorageMetrics } from './storage-metrics.ts';
import { ensureTables } from './table/ensure-tables.ts';
import { openSink } from './write/open-sink.ts';
import { storeBatch } from './write/store-batch.ts';

type StorageOptions = {
  readonly use: Use;
  readonly untilUp: UntilUp;
  readonly config: Config;
  readonly settings: StorageSettings;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly db: Database;
  readonly streams: readonly Stream[];
};

export type Storage = {
  readonly routes: readonly Route[];
  readonly database: Check;
  readonly consumer: Check;
  readonly topics: Check;
};

const PRODUCER_LIMITS = {
  deadlineMs: 10_000,
  maxInFlightRecords: 100_000,
  maxInFlightBytes: 256 * 1024 * 1024,
  maxRecordBytes: DEAD_LETTER_BYTES,
};
/** The name in the key of storage's checkpoints. */
const CONSUMER = 'storage';
const QUERY_TIMEOUT_MS = 10_000;
/** Of a partition, at once: several transactions, so that fetches cost little beside them. */
const FETCH_BYTES = 384 * 1024;

/** Opens all of storage but its HTTP server: registers schemas, creates tables and topics, consumes. Waits for dependencies that are not up yet. */
export async function openStorage({
  use,
  untilUp,
  config,
  settings,
  log,
  metrics,
  db,
  streams,
}: StorageOptions): Promise<Storage> {
  const { brokers, groupPrefix, replicationFactor } = config.kafka;
  const kafka = connectKafka({ brokers, clientId: 'millrace-storage', log });
  const kafkaName = `Kafka at ${brokers.join(', ')}`;
  const registry = openRegistry(config.registryUrl);
  const search = openSearch(db, streams, QUERY_TIMEOUT_MS);
  const sinks = new Map(
    streams.map((stream) => [stream.topic, openSink(stream, registry, search.beside.get(stream.name))]),
  );
  const tables = [...sinks.values()].map(({ table }) => table);

  await untilUp('the schema registry', () => Promise.all(streams.map(registry.register)));
  await untilUp('the database', () => ensureTables(db, tables, log));
  const admin = await use(untilUp(kafkaName, () => kafka.openAdmin()));
  await untilUp('Kafka to make the topics', () => ensureTopics(admin, streams, replicationFactor));
  const producer = await use(untilUp(kafkaName, () => createProducer(kafka, PRODUCER_LIMITS)));

  const watched = await use(watchTopics({ admin, streams, replicationFactor, log }));

  const counted = createStorageMetrics(metrics);
  const { checkpoint, onShrunk, replaced } = startFromCheckpoint({
    db,
    consumer: CONSUMER,
    admin,
    log,
    onReplaced: (topic) => counted.replaced.inc({ topic }),
    onMissed: (topic, offsets) => counted.missed.inc({ topic }, offsets),
  });
  const onBatch = storeBatch({
    db,
    sinks,
    writeDeadLetters: createWriteDeadLetters(producer),
    withCheckpoint: checkpointGuard(CONSUMER),
    onReplaced: replaced,
    metrics: counted,
    log,
  });
  const topics = [...sinks.keys()];
  const groupId = `${groupPrefix}storage`;
  const consumption = await use(
    consume({
      kafka,
      admin,
      groupId,
      topics,
      log,
      onBatch,
      commitHints: true,
      readAhead: true,
      maxBytesPerPartition: FETCH_BYTES,
      checkpoint,
      onShrunk,
    }),
  );
  const { progress, unreadable } = consumption;
  metrics.gauge(storageMetrics.unreadable, () => unreadable().length);
  const { lag } = await use(observeLag({ admin, progress, metrics: counted, log }));

  await use(expireRows({ db, sinks: [...sinks.values()], metrics: counted, log }));
  const redrive = await use(createRedrive({ db, producer, log }));

  return {
    routes: [
      ...deadLetterRoutes(db, redrive),
      ...search.routes,
      ...openParking({ db, tables, streams, limits: settings.PARKING_LIMITS, timeoutMs: QUERY_TIMEOUT_MS }),
      ...[...sinks.values()].flatMap(({ stream, table }) =>
        rowRoutes(stream, table, readRows(db, stream, table, QUERY_TIMEOUT_MS)),
      ),
    ],
    database: async () => {
      await db.raw('SELECT 1');
      return { ok: true, detail: 'answers' };
    },
    consumer: checkReadable(
      unreadable,
      watchProgress({ lag, position: progress.batches, stuckAfterMs: config.stuckAfterMs }),
    ),
    topics: watched.check,
  };
}
