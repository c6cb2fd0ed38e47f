import { selectRows } from '@millrace/core/database/run-sql';
import { ask } from '@millrace/testing/ask';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { ended, idOf, openTestBed, runOf, type TestBed } from './test-bed.ts';

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'));
});
afterAll(() => bed?.close());
beforeEach(() => bed.vendor.clear());

async function runs(url: string, query = '') {
  const { body } = await ask(`${url}/sync/runs${query}`);
  return Array.isArray(body) ? body : [];
}

it('makes one run of each tick, however many replicas there are, and shares its budget among them', async () => {
  bed.vendor.fill(250);
  bed.vendor.fill(10, 'passes');
  const env = { SYNC_SCHEDULE: 'vendor=*/3 * * * * *', VENDOR_PER_SECOND: '10' };
  const replicas = await Promise.all([bed.startSync(env), bed.startSync(env)]);
  const [one, other] = replicas;

  const seen = await waitUntil(
    () => runs(one?.url ?? '', '?state=succeeded'),
    (found) => found.length >= 3,
    { withinMs: 60_000 },
  );
  await Promise.all(replicas.map((each) => each.stop()));

  const ticks = await selectRows<{ tick_at: string }>(bed.db, 'SELECT tick_at FROM sync_ticks ORDER BY tick_at');
  const made = await selectRows<{ run_id: string }>(
    bed.db,
    "SELECT run_id FROM sync_runs WHERE trigger_kind = 'schedule'",
  );
  expect(other?.url).not.toBe(one?.url);
  expect(seen.every(({ trigger }) => trigger === 'schedule')).toBe(true);
  expect(made.length).toBeLessThanOrEqual(ticks.length);
  const times = bed.vendor.calls.map(({ at }) => at);
  for (const at of times)
    expect(times.filter((each) => each >= at && each < at + 1_000).length).toBeLessThanOrEqual(11);
});

it('goes on with what a replica did that is stopped', async () => {
  bed.vendor.fill(120);
  const until = new Promise<void>((resolve) => setTimeout(resolve, 3_000));
  bed.vendor.behave({ until });
  const [one, other] = await Promise.all([bed.startSync(), bed.startSync()]);
  const id = idOf(await ask(`${one.url}/sync/vendor`, 'POST', { entities: ['customers'] }));
  await one.stop();

  const run = await ended(other.url, id);

  expect(run).toMatchObject({ state: 'succeeded', entities: [{ read: 120, complete: true }] });
  await other.stop();
});

it('ends a run that another replica does', async () => {
  bed.vendor.fill(10);
  const until = new Promise<void>((resolve) => setTimeout(resolve, 20_000));
  bed.vendor.behave({ until });
  const one = await bed.startSync();
  const id = idOf(await ask(`${one.url}/sync/vendor`, 'POST', {}));
  const other = await bed.startSync();

  const answer = await ask(`${other.url}/sync/runs/${id}/cancel`, 'POST');
  const run = await waitUntil(
    () => runOf(other.url, id),
    ({ state }) => state !== 'running',
    { withinMs: 5_000 },
  );

  expect(answer.status).toBe(202);
  expect(run.state).toBe('cancelled');
  await Promise.all([one.stop(), other.stop()]);
});

it('reads no more once the day’s calls are used up, and says so', async () => {
  bed.vendor.fill(250);
  await bed.db.raw('DELETE FROM sync_budgets');
  const one = await bed.startSync({ VENDOR_PER_DAY: '3', VENDOR_PER_SECOND: '1000' });

  const run = await ended(one.url, idOf(await ask(`${one.url}/sync/vendor`, 'POST', { entities: ['customers'] })));
  const { body } = await ask(`${one.url}/sync/connectors`);

  expect(run.entities[0]).toMatchObject({ state: 'partial', complete: false, read: 150, stale: 0 });
  expect(run.entities[0]?.message).toContain('budget: the 3 calls of today are used up');
  expect(body).toMatchObject([{ budget: { per_second: 1_000, per_day: 3, left_today: 0 } }]);
  expect(bed.vendor.calls).toHaveLength(3);
  await one.stop();
});
