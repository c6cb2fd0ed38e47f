import { randomUUID } from 'node:crypto';
import { type Database, openDatabase } from '@millrace/core/database/open-database';
import type { Value } from '@millrace/core/schema/from-json';
import { ask } from '@millrace/testing/ask';
import type { RunningService, StartOptions } from '@millrace/testing/start-service';
import { createTestDatabase } from '@millrace/testing/test-names';
import { waitUntil } from '@millrace/testing/wait-until';
import { openWorld, type World } from '@millrace/testing/world';
import { shippedSchema } from '@millrace/testing/write-schema';
import { z } from 'zod';

const FILES = [
  ...['accounts', 'anomalies', 'events', 'rule-evaluations', 'rules', 'won-events'].map((name) => `rewards/${name}`),
  ...['fitness/running', 'fitness/music'],
];

export type RulesBed = World & {
  readonly db: Database;
  startRules(env?: Readonly<Record<string, string>>, options?: StartOptions): Promise<RunningService>;
  /** The name that a stream has in this world. */
  name(file: string): string;
  close(): Promise<void>;
};

/** A world with the streams of rewards and fitness, and a database of its own. */
export async function openRulesBed(at: {
  readonly kafkaBrokers: string;
  readonly registryUrl: string;
  readonly databaseUrl: string;
}): Promise<RulesBed> {
  const database = await createTestDatabase(at.databaseUrl);
  const schemas = Object.fromEntries(await Promise.all(FILES.map(async (file) => [file, await shippedSchema(file)])));
  const world = await openWorld({ ...at, databaseUrl: database.url }, { schemas });
  const db = openDatabase(database.url);
  return {
    ...world,
    db,
    name: (file) => world.stream(file).name,
    /** Without the rules that Millrace brings along, unless they are asked for. */
    startRules: (env = {}, options = {}) => world.start('rules', { ...options, env: { RULES_SHIPPED: 'off', ...env } }),
    async close() {
      await world.close();
      await db.close();
      await database.close();
    },
  };
}

/** The id of the rule that was made. Fails with the answer where none was. */
export async function makeRule(url: string, rule: object): Promise<string> {
  const { status, body } = await ask(`${url}/v1/rules`, 'POST', rule);
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return z.object({ rule_id: z.string() }).parse(body).rule_id;
}

export const newId = (): string => randomUUID();

const meta = () => ({ event_id: newId(), trace_id: 'a'.repeat(32), source: 'test', ingested_at: Date.now() });

export const account = (accountId: string, more: Value = {}): Value => ({
  ...{ account_id: accountId, name: 'John Doe', email: null, status: 'active', attributes: {}, created_at: Date.now() },
  ...meta(),
  ...more,
});

export const run = (userId: string, distance: number, more: Value = {}): Value => ({
  ...{ user_id: userId, duration: 60, distance, timestamp: Date.now() },
  ...meta(),
  ...more,
});

export const song = (userId: string, more: Value = {}): Value => ({
  ...{ user_id: userId, song_name: 'Song', artist: 'Artist', song_duration: 180, timestamp: Date.now() },
  ...meta(),
  ...more,
});

/** What a topic holds, each event id once, in the order of the ids' first record. */
export async function onceEach(bed: Pick<World, 'read'>, file: string): Promise<Value[]> {
  const values = new Map<string, Value>();
  for (const { value } of await bed.read(file)) {
    const id = String(value.event_id);
    if (!values.has(id)) values.set(id, value);
  }
  return [...values.values()];
}

export const untilCount = (bed: Pick<World, 'read'>, file: string, count: number, withinMs = 30_000) =>
  waitUntil(
    () => onceEach(bed, file),
    (values) => values.length >= count,
    { withinMs, everyMs: 300 },
  );
