import { selectRows } from '@millrace/core/database/run-sql';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { listing, listingSchema } from './listings.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

let bed: TestBed;
let storage: RunningService;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), { listing: listingSchema });
  storage = await bed.startStorage();
});
afterAll(() => bed.close());

async function read(id: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${storage.url}/listings/${id}`);
  const body: unknown = await response.json();
  return { status: response.status, ...(typeof body === 'object' ? body : {}) };
}
const until = (id: string, field: string, value: unknown) =>
  waitUntil(
    () => read(id),
    (row) => row[field] === value,
  );
const tombstone = (id: string) => bed.publishRaw('listing', [{ partition: 0, key: Buffer.from(id), value: null }]);
async function count(table: string, id: string) {
  const rows = await selectRows(bed.db, `SELECT 1 AS one FROM ${table} WHERE parent_key = ?`, [id]);
  return rows.length;
}

describe('an upsert stream', () => {
  it('gives nested arrays back as they came, from the tables of their own', async () => {
    const value = listing('nested', 1, [2, 0, 3]);

    await bed.publish('listing', [value]);
    const row = await until('nested', 'title', value.title);

    expect(row.plans).toEqual(
      value.plans.map((plan) => ({
        ...plan,
        starts_at: new Date(plan.starts_at).toISOString(),
        zones: plan.zones.map((zone) => ({ ...zone, price: '12.50' })),
      })),
    );
    expect(Object.keys(row)).toEqual([
      'status',
      ...listingSchema.fields.map(({ name }) => name),
      'event_id',
      'trace_id',
      'source',
      'ingested_at',
      'stored_at',
    ]);
    expect(await count('listing_zones', 'nested')).toBe(5);
    const list: unknown = await (await fetch(`${storage.url}/listings?listing_id=nested`)).json();
    expect(list).toEqual([expect.objectContaining({ listing_id: 'nested', plans: row.plans })]);
  });

  it('keeps the newest version, also when an older one comes later, and its child rows with it', async () => {
    await bed.publish('listing', [listing('a', 2, [1, 1]), listing('b', 1, [1])]);
    await until('a', 'title', 'a at 2');

    await bed.publish('listing', [listing('a', 1, [4, 4, 4]), listing('b', 2, [5])]);
    await until('b', 'title', 'b at 2');

    expect(await read('a')).toMatchObject({ title: 'a at 2', plans: [{ zones: [{}] }, { zones: [{}] }] });
    expect(await count('listing_plans', 'a')).toBe(2);
    expect(await count('listing_zones', 'a')).toBe(2);
    expect(await count('listing_zones', 'b')).toBe(5);
  });

  it('takes the newest of many versions in one batch', async () => {
    const versions = Array.from({ length: 200 }, (_, n) => listing('busy', (n * 37) % 200, [n % 3]));

    await bed.publish('listing', versions);

    expect(await until('busy', 'title', 'busy at 199')).toMatchObject({ plans: [{}] });
    expect(await count('listing_plans', 'busy')).toBe(1);
  });

  it('is deleted by a tombstone, with its child rows, and may come back', async () => {
    await bed.publish('listing', [listing('gone', 5, [2])]);
    const { partition = 0 } = (await bed.publish('listing', [listing('gone', 6, [2])]))[0] ?? {};
    await until('gone', 'title', 'gone at 6');

    await bed.publishRaw('listing', [{ partition, key: Buffer.from('gone'), value: null }]);
    await until('gone', 'status', 404);
    expect(await count('listing_plans', 'gone')).toBe(0);
    expect(await count('listing_zones', 'gone')).toBe(0);

    await bed.publish('listing', [listing('gone', 1, [1])]);
    await until('gone', 'title', 'gone at 1');
  });

  it('makes a dead letter of a parent whose child can not be stored, and stores its neighbours whole', async () => {
    await bed.db.raw('ALTER TABLE listing_zones MODIFY capacity SMALLINT');
    const bad = listing('bad', 2, [1]);
    for (const zone of bad.plans[0]?.zones ?? []) zone.capacity = 50_000;
    await bed.publish('listing', [listing('good', 1, [1]), listing('bad', 1, [1]), bad, listing('better', 1, [2])]);

    await until('better', 'title', 'better at 1');
    await until('good', 'title', 'good at 1');
    await until('bad', 'title', 'bad at 1');

    const dead = await waitUntil(
      () => selectRows<{ code: string; reason: string }>(bed.db, 'SELECT code, reason FROM dead_letters'),
      (rows) => rows.length > 0,
    );
    expect(dead).toEqual([{ code: 'refused', reason: expect.stringContaining('capacity') }]);
    expect(await count('listing_zones', 'better')).toBe(2);
  });

  it('does not take keys for one that differ in spaces: one with a space at its end is a dead letter', async () => {
    await bed.publish('listing', [listing('pad', 1, [])]);
    await until('pad', 'title', 'pad at 1');

    await bed.publish('listing', [listing('pad ', 2, []), listing(' pad', 2, []), listing('pad\t', 2, [])]);
    await tombstone('pad ');
    await bed.publish('listing', [listing('behind', 1, [])], () => 0);
    await until('behind', 'title', 'behind at 1');

    expect(await read('pad')).toMatchObject({ title: 'pad at 1' });
    expect(await read('%20pad')).toMatchObject({ title: ' pad at 2' });
    expect(await read('pad%09')).toMatchObject({ title: 'pad\t at 2' });
    expect(await read('pad%20')).toMatchObject({ status: 404 });
    const dead = await selectRows<{ reason: string }>(
      bed.db,
      "SELECT reason FROM dead_letters WHERE code = 'does-not-fit'",
    );
    expect(dead.map(({ reason }) => reason).sort()).toEqual([
      "a tombstone's key must be a listing_id",
      'listing_id ends with a space',
    ]);
  });

  it('ignores a tombstone of nothing', async () => {
    await tombstone('never there');
    await bed.publish('listing', [listing('after', 1, [])]);

    await until('after', 'title', 'after at 1');
  });
});
