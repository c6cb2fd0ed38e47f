import type { Config } from '@millrace/core/config/read-config';
import type { Database } from '@millrace/core/database/open-database';
import type { Route } from '@millrace/core/http/route-table';
import type { Log } from '@millrace/core/log/create-log';
import type { Metrics } from '@millrace/core/metrics/create-metrics';
import type { Stream } from '@millrace/core/schema/stream';
import type { Check } from '@millrace/core/service/health';
import type { Use } from '@millrace/core/service/parts';
import type { UntilUp } from '@millrace/core/service/until-up';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { createProducer } from '@millrace/core/stream/create-producer';
import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { watchTopics } from '@millrace/core/stream/watch-topics';
import { countWrites } from './count-writes.ts';
import { deadLetterRoutes } from './dead-letter/dead-letter-routes.ts';
import { createRedrive } from './dead-letter/redrive.ts';
import { openParking } from './parking/open-parking.ts';
import { PRODUCER_LIMITS } from './producer-limits.ts';
import { readRows } from './query/read-rows.ts';
import { rowRoutes } from './query/row-routes.ts';
import { openSearch } from './search/open-search.ts';
import type { StorageSettings } from './settings.ts';
import { ensureTables } from './table/ensure-tables.ts';
import { tableOf } from './table/table-of.ts';
import { startWriter, writerThread } from './write/start-writer.ts';
import type { WriterEvents } from './write/writer-messages.ts';

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

const QUERY_TIMEOUT_MS = 10_000;

/** Opens all of storage but its HTTP server: registers schemas, creates tables and topics, has a thread store records. Waits for dependencies that are not up yet. */
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
  const { brokers, replicationFactor } = config.kafka;
  const kafka = connectKafka({ brokers, clientId: 'millrace-storage', log });
  const kafkaName = `Kafka at ${brokers.join(', ')}`;
  const registry = openRegistry(config.registryUrl);
  const search = openSearch(db, streams, QUERY_TIMEOUT_MS);
  const stored = streams.map((stream) => ({ stream, table: tableOf(stream) }));
  const tables = stored.map(({ table }) => table);
  const thread = writerThread();

  await untilUp('the schema registry', () => Promise.all(streams.map(registry.register)));
  await untilUp('the database', () => ensureTables(db, tables, log));
  const admin = await use(untilUp(kafkaName, () => kafka.openAdmin()));
  await untilUp('Kafka to make the topics', () => ensureTopics(admin, streams, replicationFactor));
  const watched = await use(watchTopics({ admin, streams, replicationFactor, log }));
  const producer = await use(untilUp(kafkaName, () => createProducer(kafka, PRODUCER_LIMITS)));

  const counted = countWrites(metrics);
  const events: WriterEvents = {
    ...counted,
    stored(done) {
      search.onStored(done.stream);
      counted.stored(done);
    },
  };
  const writer = await use(startWriter(thread, { config, streams }, events));
  const redrive = await use(createRedrive({ db, producer, log }));

  return {
    routes: [
      ...deadLetterRoutes(db, redrive),
      ...search.routes,
      ...openParking({ db, tables, streams, limits: settings.PARKING_LIMITS, timeoutMs: QUERY_TIMEOUT_MS }),
      ...stored.flatMap(({ stream, table }) => rowRoutes(stream, table, readRows(db, stream, table, QUERY_TIMEOUT_MS))),
    ],
    database: async () => {
      await db.raw('SELECT 1');
      return { ok: true, detail: 'answers' };
    },
    consumer: () => writer.ask('check'),
    topics: watched.check,
  };
}
