import { readConfig } from '@millrace/core/config/read-config';
import { withLock } from '@millrace/core/database/lock';
import { migrate } from '@millrace/core/database/migrate';
import { openDatabase } from '@millrace/core/database/open-database';
import { createLog } from '@millrace/core/log/create-log';
import { openStreams } from '@millrace/core/record/open-streams';
import { loadStreams } from '@millrace/core/schema/load-streams';
import type { Stream } from '@millrace/core/schema/stream';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { createProducer } from '@millrace/core/stream/create-producer';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { accountMigrations } from '../account/known-accounts.ts';
import { startAccountWorker } from '../account/start-account-worker.ts';

/** The account worker alone, as a process that can be killed: with KILL_AT=3 it ends itself when it has welcomed three times, before it notes that. */
const config = readConfig(process.env);
const killAt = Number(process.env.KILL_AT ?? 0);
const log = createLog({ name: 'account-worker', level: 'info' });
const streams = await loadStreams(config.schemasDir);
const [accounts, events] = [streamOf('millrace.rewards.Account'), streamOf('millrace.rewards.Event')];
const { brokers, groupPrefix, replicationFactor } = config.kafka;
const kafka = connectKafka({ brokers, clientId: 'account-worker', log });
const admin = await kafka.openAdmin();
const registry = openRegistry(config.registryUrl);
const limits = { deadlineMs: 10_000, maxInFlightRecords: 100_000, maxInFlightBytes: 64e6 };
const producer = await createProducer(kafka, limits);
const { toRecords } = await openStreams({
  ...{ streams, admin, registry, producer, replicationFactor },
  untilUp: (_, open) => open(),
});
const toRecord = toRecords.get(events);
if (!toRecord) throw new Error('events were not opened');
const db = openDatabase(config.databaseUrl);
await withLock(db, 'tables', () => migrate(db, accountMigrations));

let times = 0;
const worker = await startAccountWorker({
  ...{ kafka, admin, registry, producer, db, accounts, events, toRecord, groupPrefix, log },
  onWelcomed(count) {
    if (count === 0) return;
    times += 1;
    if (times === killAt) process.kill(process.pid, 'SIGKILL');
  },
});
worker.done.catch((err: unknown) => {
  log.fatal({ err }, 'crashed');
  process.exit(1);
});
process.on('SIGTERM', async () => {
  await worker.close();
  process.exit(0);
});
log.info({ url: 'none' }, 'listening');

function streamOf(recordName: string): Stream {
  const found = streams.find((stream) => stream.recordName === recordName);
  if (!found) throw new Error(`no stream of ${recordName}`);
  return found;
}
