import { type Database, openDatabase } from '@millrace/core/database/open-database';
import { type Answer, ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { createTestDatabase } from '@millrace/testing/test-names';
import { waitUntil } from '@millrace/testing/wait-until';
import { openWorld, type World } from '@millrace/testing/world';
import { z } from 'zod';
import { startVendor, type Vendor } from './vendor.ts';

const stale = [
  {
    name: 'stale_since',
    type: ['null', { type: 'long', logicalType: 'timestamp-millis' }],
    default: null,
  },
  { name: 'stale_reason', type: ['null', 'string'], default: null },
];
const text = (name: string) => ({ name, type: 'string' });
const upsert = (name: string, key: string, ...fields: object[]) => ({
  ...{ type: 'record', name, namespace: 'test.sync' },
  stream: { store: 'upsert', key },
  fields: [text(key), text('name'), ...fields, ...stale],
});

const schemas = {
  customers: upsert('Customer', 'customer_id'),
  passes: upsert('Pass', 'pass_id', text('date')),
};

const entity = z.object({
  connector: z.string(),
  entity: z.string(),
  stream: z.string(),
  state: z.string(),
  complete: z.boolean().nullable(),
  ...{ read: z.number(), emitted: z.number(), unchanged: z.number() },
  ...{ rejected: z.number(), stale: z.number(), returned: z.number() },
  progress: z.object({ done: z.number(), total: z.number().nullable() }).nullable(),
  message: z.string().nullable(),
});
const run = z.object({
  run_id: z.string(),
  trigger: z.string(),
  state: z.string(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
  entities: z.array(entity),
});
export type Run = z.output<typeof run>;

export type TestBed = World & {
  readonly vendor: Vendor;
  readonly db: Database;
  readonly databaseUrl: string;
  startSync(env?: Readonly<Record<string, string>>): Promise<RunningService>;
  close(): Promise<void>;
};

/** A world with a database and a vendor of its own. */
export async function openTestBed(at: {
  readonly kafkaBrokers: string;
  readonly registryUrl: string;
  readonly databaseUrl: string;
}): Promise<TestBed> {
  const database = await createTestDatabase(at.databaseUrl);
  const world = await openWorld({ ...at, databaseUrl: database.url }, { schemas });
  const vendor = await startVendor();
  const db = openDatabase(database.url);
  return {
    ...world,
    vendor,
    db,
    databaseUrl: database.url,
    startSync: (env = {}) =>
      world.start('sync-connectors', {
        program: 'test/sync-with-vendor',
        env: {
          VENDOR_URL: vendor.url,
          CUSTOMERS: world.stream('customers').name,
          PASSES: world.stream('passes').name,
          ...env,
        },
      }),
    async close() {
      await world.close();
      await vendor.close();
      await db.close();
      await database.close();
    },
  };
}

export const runOf = async (url: string, id: string): Promise<Run> =>
  run.parse((await ask(`${url}/sync/runs/${id}`)).body);

/** The id of the run that an answer started. Fails with the answer where it did not. */
export function idOf({ status, body }: Answer): string {
  if (status !== 202) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return z.object({ run_id: z.string() }).parse(body).run_id;
}

export const ended = (url: string, id: string, withinMs = 60_000): Promise<Run> =>
  waitUntil(
    () => runOf(url, id),
    ({ state }) => state !== 'running',
    { withinMs },
  );

/** Starts a run, and gives it when it has ended. */
export async function sync(
  url: string,
  path = '/sync/vendor',
  body: unknown = { entities: ['customers'] },
): Promise<Run> {
  return ended(url, idOf(await ask(url + path, 'POST', body)));
}

/** What of a stream is newest of each key: `undefined` for those that are stale. */
export async function newest(bed: Pick<World, 'read'>, file = 'customers', key = 'customer_id') {
  const records = await bed.read(file);
  const rows = new Map<string, Readonly<Record<string, unknown>>>();
  for (const { value } of records) rows.set(String(value[key]), value);
  return rows;
}
