import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningService, startService } from '@millrace/core/harness/start-service';
import type { Stack } from '@millrace/stack/harness/stack';
import { createTestDatabase, createTestNames } from '@millrace/stack/harness/test-names';

/** What outlives the services: a database, a data folder and consumer groups that nobody else has. */
export type Ground = {
  /** The settings of every service that stands on it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
};

export type Platform = {
  readonly receiver: string;
  readonly storage: string;
  readonly analyzer: string;
  close(): Promise<void>;
};

export async function openGround(stack: Stack, schemasDir: string): Promise<Ground> {
  const database = await createTestDatabase(stack.databaseUrl);
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-data-'));
  return {
    env: {
      KAFKA_BROKERS: stack.kafkaBrokers,
      SCHEMA_REGISTRY_URL: stack.registryUrl,
      DATABASE_URL: database.url,
      SCHEMAS_DIR: schemasDir,
      DATA_DIR: dataDir,
      CONSUMER_GROUP_PREFIX: `${createTestNames().prefix}-`,
      RECEIVER_PORT: '0',
      STORAGE_PORT: '0',
      ANALYZER_PORT: '0',
    },
    async close() {
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The three services as processes of their own. */
export async function startPlatform({ env }: Ground): Promise<Platform> {
  const mains = ['receiver', 'storage', 'analyzer'].map((name) => join(import.meta.dirname, '..', name, 'main.ts'));
  const started = await Promise.allSettled(mains.map((main) => startService(main, env)));
  const services = started.flatMap((each): RunningService[] => (each.status === 'fulfilled' ? [each.value] : []));
  const close = async () => {
    await Promise.all(services.map((service) => service.stop()));
  };
  const [receiver, storage, analyzer] = services;
  if (receiver && storage && analyzer)
    return { receiver: receiver.url, storage: storage.url, analyzer: analyzer.url, close };
  await close();
  throw new AggregateError(
    started.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])),
    'the platform did not start',
  );
}
