import { randomBytes } from 'node:crypto';
import { openDatabase } from '@millrace/core/database/open-database';

export type TestNames = {
  /** Distinct for each call, such as `t4f09c2b1`: fit for a topic, a subject, a consumer group or a table. */
  readonly prefix: string;
  /** A consumer group that nobody used before. */
  readonly group: string;
  /** e.g. `topic('running')` is `t4f09c2b1-running` */
  topic(name: string): string;
};

/** Names of a suite's own, so that suites sharing one stack cannot see each other's records. */
export function createTestNames(): TestNames {
  const prefix = `t${randomBytes(4).toString('hex')}`;
  return { prefix, group: `${prefix}-group`, topic: (name) => `${prefix}-${name}` };
}

/**
 * An empty database of a suite's own; `close` drops it. Its name begins with `millrace`, which is what the stack's user
 * may create.
 */
export async function createTestDatabase(
  databaseUrl: string,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const name = `millrace_${createTestNames().prefix}`;
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;

  const admin = openDatabase(databaseUrl, { poolSize: 1 });
  await admin.raw('CREATE DATABASE ?? CHARACTER SET utf8mb4', [name]);
  return {
    url: url.href,
    async close() {
      await admin.raw('DROP DATABASE ??', [name]);
      await admin.close();
    },
  };
}
