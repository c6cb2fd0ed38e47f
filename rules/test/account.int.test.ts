import { randomUUID } from 'node:crypto';
import { type Database, openDatabase } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';
import { avscType } from '@millrace/core/schema/avsc-type';
import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import { headerText } from '@millrace/core/stream/record-headers';
import { createEncoder } from '@millrace/core/stream/wire-format';
import type { TopicRecord } from '@millrace/testing/own-topic';
import type { RunningService } from '@millrace/testing/start-service';
import { createTestDatabase } from '@millrace/testing/test-names';
import { waitUntil } from '@millrace/testing/wait-until';
import { openWorld, type World } from '@millrace/testing/world';
import { shippedSchema } from '@millrace/testing/write-schema';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { welcomeId } from '../account/welcome-event.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Database & { close(): Promise<void> };
let world: World;

beforeEach(async () => {
  const stack = inject('stack');
  database = await createTestDatabase(stack.databaseUrl);
  db = openDatabase(database.url);
  const own = async (file: string) => {
    const { stream, ...schema } = await shippedSchema(file);
    return { ...schema, stream: { ...stream, path: undefined, path_aliases: [] } };
  };
  const schemas = { accounts: await own('rewards/accounts'), events: await own('rewards/events') };
  world = await openWorld({ ...stack, databaseUrl: database.url }, { schemas });
});
afterEach(async () => {
  await world.close();
  await db.close();
  await database.close();
});

/** An account's record as the receiver would write it. */
const account = (account_id: string, given: object = {}) => ({
  ...{ account_id, name: 'Ann', email: null, status: 'active', attributes: {}, created_at: 1_600_000_000_000 },
  ...{ event_id: randomUUID(), trace_id: TRACE },
  ...{ source: 'test', ingested_at: Date.now(), ...given },
});
const start = (env: Record<string, string> = {}): Promise<RunningService> =>
  world.start('rules', { program: 'test/run-account-worker', env });
const welcomes = async (): Promise<TopicRecord[]> =>
  (await world.read('events')).filter(({ value }) => value.type === 'welcome');
const idsOf = (records: readonly TopicRecord[]) => records.map(({ value }) => String(value.account_id)).sort();

/** Resolves when all records of accounts are done. */
async function untilDone(): Promise<void> {
  const { topic } = world.stream('accounts');
  const ends = await world.admin.fetchOffsets(topic);
  await waitUntil(
    () =>
      selectRows<{ topic_partition: number; next_offset: number }>(
        db,
        `SELECT topic_partition, next_offset FROM checkpoints WHERE consumer = 'rules-accounts' AND topic = ?`,
        [topic],
      ),
    (rows) =>
      ends.every(({ partition, logEndOffset }) =>
        rows.some((row) => row.topic_partition === partition && BigInt(row.next_offset) >= logEndOffset),
      ),
    { withinMs: 60_000 },
  );
}

describe('a new account', () => {
  it('gets a welcome event that follows from its first record', async () => {
    await start();

    const [posted] = await world.publish('accounts', [account('acct-1')]);
    await untilDone();

    const [first] = await world.read('accounts');
    const [event, ...more] = await welcomes();
    expect(more).toEqual([]);
    expect(event?.value).toMatchObject({
      ...{ account_id: 'acct-1', type: 'welcome', amount: null, attributes: {} },
      ...{ event_id: welcomeId('acct-1'), occurred_at: first?.appendTime, source: 'rules' },
    });
    expect(event).toMatchObject({ partition: posted?.partition, key: Buffer.from('acct-1') });
  });

  it('is welcomed in the trace of its request', async () => {
    await start();
    const { avro } = world.stream('accounts');
    const encode = createEncoder(avscType(avro), await world.registry.register(world.stream('accounts')));
    const record = { partition: 0, key: Buffer.from('traced'), value: encode(account('traced')) };

    await world.publishRaw('accounts', [{ ...record, traceparent: `00-${TRACE}-00f067aa0ba902b7-01` }]);
    await untilDone();

    const [event] = await welcomes();
    expect(event?.value.trace_id).toBe(TRACE);
    expect(headerText(event?.headers ?? {}, 'traceparent')).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  });

  it('is welcomed once, whatever becomes of it', async () => {
    const worker = await start();
    await world.publish('accounts', [account('a'), account('a', { name: 'Bea' }), account('b')]);
    await untilDone();
    const [{ partition = 0 } = {}] = await world.publish('accounts', [account('a', { status: 'closed' })]);
    await world.publish('accounts', [account('a')]);
    await world.publishRaw('accounts', [{ partition, key: Buffer.from('a'), value: null }]);
    await world.publish('accounts', [account('a', { name: 'Cy' })]);
    await untilDone();
    await worker.stop();
    await start();
    await world.publish('accounts', [account('b', { name: 'Dan' }), account('c')]);
    await untilDone();

    expect(idsOf(await welcomes())).toEqual(['a', 'b', 'c']);
  });

  it('that begins closed, or with a tombstone, is none: the closed one never, the other with its first record', async () => {
    await start();

    await world.publish('accounts', [account('closed', { status: 'closed' })]);
    await world.publishRaw('accounts', [{ partition: 0, key: Buffer.from('later'), value: null }]);
    await untilDone();
    expect(await welcomes()).toEqual([]);
    await world.publish('accounts', [account('closed'), account('later')]);
    await untilDone();

    expect(idsOf(await welcomes())).toEqual(['later']);
  });

  it('is told apart from another by every byte of its id', async () => {
    await start();
    const ids = ['a', 'A', 'a ', 'á', 'a\u0301', 'a\u0000', '🏃', "a'b", '__proto__', 'x'.repeat(100)];

    await world.publish(
      'accounts',
      ids.map((id) => account(id)),
    );
    await untilDone();

    /** Two of them no event can have: its stream takes neither spaces nor control characters. */
    const taken = ids.filter((id) => id.trim() === id && !id.includes('\u0000'));
    expect(idsOf(await welcomes())).toEqual(taken.toSorted());
  });

  it('is found among records that nobody can read', async () => {
    await start();
    const junk = [Buffer.alloc(0), Buffer.from([0, 128, 0, 0, 0]), Buffer.from('junk'), null, Buffer.alloc(50_000)];

    await world.publishRaw(
      'accounts',
      junk.map((value) => ({ partition: 0, key: null, value })),
    );
    await world.publish('accounts', [account('found')], () => 0);
    await untilDone();

    expect(idsOf(await welcomes())).toEqual(['found']);
  });

  it('is not welcomed again where its topic was recreated', async () => {
    await start();
    await world.publish('accounts', [account('a'), account('b'), account('c')]);
    await untilDone();
    const { topic } = world.stream('accounts');
    await world.admin.deleteTopics([topic]);
    await waitUntil(
      () =>
        ensureTopics(world.admin, world.streams, 1)
          .then(() => world.publish('accounts', [account('a'), account('b'), account('d')]))
          .catch(() => []),
      (written) => written.length > 0,
    );
    await waitUntil(welcomes, (found) => idsOf(found).includes('d'), { withinMs: 60_000 });

    expect(idsOf(await welcomes())).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('workers that are killed', () => {
  const ids = Array.from({ length: 3_000 }, (_, n) => `acct-${n}`);
  const versions = ids.flatMap((id) => [account(id), account(id, { name: 'Bea' })]);

  /** Each account has one event by its id, and what was written again is the same to the last byte of its own fields. */
  async function expectOneEach() {
    const found = await welcomes();
    const contents = new Map(found.map(({ value }) => [value.event_id, contentOf(value)]));
    expect(idsOf(found.filter(({ value }, index) => firstIndex(found, value.event_id) === index))).toEqual(
      ids.toSorted(),
    );
    expect(new Set(found.map(({ value }) => value.event_id))).toEqual(new Set(ids.map(welcomeId)));
    expect(found.filter(({ value }) => contents.get(value.event_id) !== contentOf(value))).toEqual([]);
    return found.length;
  }
  const contentOf = ({ account_id, type, occurred_at }: TopicRecord['value']) =>
    JSON.stringify([account_id, type, occurred_at]);
  const firstIndex = (found: readonly TopicRecord[], id: unknown) =>
    found.findIndex(({ value }) => value.event_id === id);

  it('between Kafka and MySQL write the same events again', async () => {
    await world.publish('accounts', versions);
    for (const killAt of ['1', '1', '2', '2']) {
      const worker = await start({ KILL_AT: killAt });
      await worker.ended;
    }

    await start();
    await untilDone();

    const written = await expectOneEach();
    expect(written).toBeGreaterThan(ids.length);
  });

  it('at any instant, while others take over, welcome every account', async () => {
    const publishing = (async () => {
      for (let at = 0; at < versions.length; at += 200) await world.publish('accounts', versions.slice(at, at + 200));
    })();
    let workers = [await start(), await start()];
    for (const wait of [200, 700, 400]) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      const [killed, ...others] = workers;
      await killed?.kill('SIGKILL');
      workers = [...others, await start()];
    }

    await publishing;
    await untilDone();

    await expectOneEach();
  });
});
