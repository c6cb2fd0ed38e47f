import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from '@millrace/stack/harness/stack';
import { createTestDatabase, createTestNames } from '@millrace/stack/harness/test-names';
import { type Service, startService } from './start-service.ts';

export type Platform = {
  readonly receiver: string;
  readonly storage: string;
  readonly analyzer: string;
  readonly databaseUrl: string;
  /** What another service of this platform would have to be started with. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
};

/** The three services as processes of their own on these parts, with a database and consumer groups that nobody else has. */
export async function startPlatform(stack: Stack, schemasDir: string): Promise<Platform> {
  const { prefix } = createTestNames();
  const database = await createTestDatabase(stack.databaseUrl);
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-data-'));
  const env = {
    KAFKA_BROKERS: stack.kafkaBrokers,
    SCHEMA_REGISTRY_URL: stack.registryUrl,
    DATABASE_URL: database.url,
    SCHEMAS_DIR: schemasDir,
    DATA_DIR: dataDir,
    CONSUMER_GROUP_PREFIX: `${prefix}-`,
  };
  const started = await Promise.allSettled(['receiver', 'storage', 'analyzer'].map((name) => startService(name, env)));
  const services = started.flatMap((each): Service[] => (each.status === 'fulfilled' ? [each.value] : []));
  const close = async () => {
    await Promise.all(services.map((service) => service.close()));
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  const [receiver, storage, analyzer] = services;
  if (receiver && storage && analyzer)
    return {
      receiver: receiver.url,
      storage: storage.url,
      analyzer: analyzer.url,
      databaseUrl: database.url,
      env,
      close,
    };
  await close();
  throw new AggregateError(
    started.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])),
    'the platform did not start',
  );
}
