import { join } from 'node:path';
import { selectRows } from '@millrace/core/database/run-sql';
import { ask } from '@millrace/testing/ask';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type KillableReplicas, startKillable } from './killable-replicas.ts';
import { ended, idOf, openTestBed, type Run, sync, type TestBed } from './test-bed.ts';

let bed: TestBed;
let replicas: KillableReplicas;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'));
  await bed.start('storage');
  replicas = await startKillable(join(bed.schemasDir, '..', 'kill-at'), bed.startSync);
});
afterAll(async () => {
  await replicas?.close();
  await bed?.close();
});
beforeEach(() => bed.vendor.clear());

/** A run whose process ends itself at a step, as the next process has brought it to its end. */
async function killedRun(killAt: string, entity: string): Promise<Run> {
  const id = await replicas.kill(killAt, async (url) =>
    idOf(await ask(`${url}/sync/vendor`, 'POST', { entities: [entity] })),
  );
  return ended(replicas.url(), id);
}

type Stored = { readonly id: string; readonly name: string; readonly since: string | null };

const stored = (table: string, key: string) =>
  selectRows<Stored>(bed.db, `SELECT \`${key}\` AS id, name, stale_since AS since FROM \`${table}\` ORDER BY id`);

/** What MySQL has once storage has all that was written. */
async function settled(file: string, key: string, expected: readonly Stored[]): Promise<Stored[]> {
  const same = (rows: readonly Stored[]) => JSON.stringify(rows.map(fresh)) === JSON.stringify(expected.map(fresh));
  return waitUntil(() => stored(bed.stream(file).table, key), same, { withinMs: 20_000 });
}

const fresh = ({ id, name, since }: Stored) => [id, name, since !== null];

const times = [
  'before-read:1',
  'before-produce:1',
  'before-produce:2',
  'after-produce:2',
  'after-rows:1',
  'after-rows:3',
]
  .concat(['before-missed:1', 'before-stale:1', 'before-stale-produced:1', 'after-stale-produced:1', 'after-stale:1'])
  .concat(['before-outcome:1', 'after-outcome:1']);

describe('a run whose process is killed', () => {
  it.each(times)('at %s goes on elsewhere, and comes to what the vendor has', async (killAt) => {
    const prefix = killAt.replace(':', '-');
    const put = (n: number, name = `first ${n}`) => bed.vendor.put(`${prefix}-${String(n).padStart(4, '0')}`, { name });
    for (const each of bed.vendor.rows()) bed.vendor.remove(each.id);
    await bed.db.raw('DELETE FROM sync_rows');
    await bed.db.raw('DELETE FROM ??', [bed.stream('customers').table]);
    for (let n = 0; n < 1_300; n += 1) put(n);
    await sync(replicas.url());
    bed.vendor.remove(`${prefix}-0007`);
    await sync(replicas.url());
    for (let n = 0; n < 1_300; n += 2) put(n, `second ${n}`);

    const run = await killedRun(killAt, 'customers');
    const again = await sync(replicas.url());

    const expected = Array.from({ length: 1_300 }, (_, n) => ({
      id: `${prefix}-${String(n).padStart(4, '0')}`,
      name: n % 2 === 0 ? `second ${n}` : `first ${n}`,
      since: n === 7 ? 'then' : null,
    }));
    expect(run).toMatchObject({ state: 'succeeded', entities: [{ complete: true, read: 1_299 }] });
    expect(again.entities[0]).toMatchObject({ emitted: 0, unchanged: 1_299, stale: 0 });
    expect((await settled('customers', 'customer_id', expected)).map(fresh)).toEqual(expected.map(fresh));
    const events = (await bed.read('customers')).filter(({ value }) =>
      String(value.customer_id).startsWith(`${prefix}-`),
    );
    const versions = new Map(events.map(({ value }) => [`${value.customer_id} ${value.name} ${value.stale_since}`, 0]));
    expect(new Set(events.map(({ value }) => value.event_id)).size).toBe(versions.size);
    expect(versions.size).toBe(1_300 + 650 + 1);
    const letters = await selectRows(bed.db, 'SELECT reason FROM dead_letters');
    expect(letters).toEqual([]);
  });
});

describe('an incremental run whose process is killed', () => {
  it.each(['before-produce:2', 'after-produce:2', 'after-rows:2'])('at %s goes on at its cursor', async (killAt) => {
    await bed.db.raw('DELETE FROM sync_entities');
    const prefix = `passes-${killAt.replace(':', '-')}`;
    await bed.db.raw('DELETE FROM ??', [bed.stream('passes').table]);
    for (let n = 0; n < 240; n += 1)
      bed.vendor.put(`${prefix}-${String(n).padStart(4, '0')}`, { name: `${n}`, date: '2026-03-01' }, 'passes');

    const run = await killedRun(killAt, 'passes');
    const again = await sync(replicas.url(), '/sync/vendor', { entities: ['passes'] });

    const expected = Array.from({ length: 240 }, (_, n) => ({
      id: `${prefix}-${String(n).padStart(4, '0')}`,
      name: `${n}`,
      since: null,
    }));
    expect(run.state).toBe('succeeded');
    expect(run.entities[0]?.read).toBeLessThan(240);
    expect(again.entities[0]).toMatchObject({ read: 0 });
    expect((await settled('passes', 'pass_id', expected)).map(fresh)).toEqual(expected.map(fresh));
  });
});
