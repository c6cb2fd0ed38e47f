import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogLine, type RunningService, startService } from '@millrace/core/harness/start-service';
import { schemasDir as shippedSchemas } from '@millrace/schemas/schemas-dir';
import type { Stack } from '@millrace/stack/harness/stack';
import { startStack } from '@millrace/stack/harness/start-stack';
import { createTestDatabase, createTestNames } from '@millrace/stack/harness/test-names';

type ServiceName = 'receiver' | 'storage' | 'analyzer';

/** What outlives the services: a stack, a folder of schemas, and a database, a data folder and groups that nobody else has. */
export type Ground = {
  readonly stack: Stack;
  /** Empty at first. */
  readonly schemasDir: string;
  /** The settings of every service that stands on it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
};

export type Platform = Readonly<Record<ServiceName, string>> & {
  /** What each has logged so far. */
  readonly lines: Readonly<Record<ServiceName, readonly LogLine[]>>;
  close(): Promise<void>;
};

export async function openGround(): Promise<Ground> {
  const stack = await startStack(process.env);
  const database = await createTestDatabase(stack.databaseUrl);
  const dir = await mkdtemp(join(tmpdir(), 'millrace-ground-'));
  const schemasDir = join(dir, 'schemas');
  await mkdir(schemasDir);
  return {
    stack,
    schemasDir,
    env: {
      KAFKA_BROKERS: stack.kafkaBrokers,
      SCHEMA_REGISTRY_URL: stack.registryUrl,
      DATABASE_URL: database.url,
      SCHEMAS_DIR: schemasDir,
      DATA_DIR: join(dir, 'data'),
      CONSUMER_GROUP_PREFIX: `${createTestNames().prefix}-`,
      RECEIVER_PORT: '0',
      STORAGE_PORT: '0',
      ANALYZER_PORT: '0',
    },
    async close() {
      await database.close();
      await stack.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The schema files that Millrace comes with, where the services of a ground read theirs. */
export const copyShippedSchemas = ({ schemasDir }: Ground): Promise<void> =>
  cp(shippedSchemas, schemasDir, { recursive: true, filter: (path) => !/\/(node_modules|dist)$/.test(path) });

/** The three services as processes of their own. */
export async function startPlatform({ env }: Pick<Ground, 'env'>): Promise<Platform> {
  const mains = ['receiver', 'storage', 'analyzer'].map((name) => join(import.meta.dirname, '..', name, 'main.ts'));
  const started = await Promise.allSettled(mains.map((main) => startService(main, env)));
  const services = started.flatMap((each): RunningService[] => (each.status === 'fulfilled' ? [each.value] : []));
  const close = async () => {
    await Promise.all(services.map((service) => service.stop()));
  };
  const [receiver, storage, analyzer] = services;
  if (receiver && storage && analyzer) {
    const lines = { receiver: receiver.lines, storage: storage.lines, analyzer: analyzer.lines };
    return { receiver: receiver.url, storage: storage.url, analyzer: analyzer.url, lines, close };
  }
  await close();
  throw new AggregateError(
    started.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])),
    'the platform did not start',
  );
}
