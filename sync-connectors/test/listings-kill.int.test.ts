import { join } from 'node:path';
import { ask } from '@millrace/testing/ask';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type KillableReplicas, startKillable } from './killable-replicas.ts';
import { type ListingsBed, openListingsBed, type ProviderName } from './listings-bed.ts';
import { ended, idOf, type Run, sync } from './test-bed.ts';

let bed: ListingsBed;
let replicas: KillableReplicas;

beforeAll(async () => {
  // One is read whole long before the other, so that there is more than one batch.
  bed = await openListingsBed(inject('stack'), { centro: 20, norte: 600 });
  replicas = await startKillable(join(bed.schemasDir, '..', 'kill-at'), (env) =>
    bed.startSync(env, 'sync-with-short-times'),
  );
});
afterAll(async () => {
  await replicas?.close();
  await bed?.close();
});

const PROVIDERS: readonly ProviderName[] = ['centro', 'norte'];
const read = () => sync(replicas.url(), '/sync/listings', {});

/** As it began, with all its plans. */
const whole = (provider: ProviderName) => bed.control(provider, 'reset');

/** As it began, but for a plan. */
async function withoutOne(provider: ProviderName): Promise<void> {
  await whole(provider);
  const [gone] = await bed.idsOf(provider);
  await bed.control(provider, 'remove', { entity: 'plans', id: gone });
}

/** All of both providers known, but for a plan of each that is gone and that one read has missed. */
async function begin(): Promise<void> {
  for (const provider of PROVIDERS) await whole(provider);
  await read();
  await read();
  for (const provider of PROVIDERS) await withoutOne(provider);
  await read();
}

async function changeFeeds(): Promise<void> {
  for (const provider of PROVIDERS) {
    const [, id] = await bed.idsOf(provider);
    await bed.control(provider, 'change', { entity: 'plans', id, fields: { title: 'Another title' } });
    await bed.control(provider, 'add', { entity: provider === 'centro' ? 'planList' : 'eventList', count: 1 });
  }
}

/** A run whose process ends itself at a step, as the next process has brought it to its end. */
async function killedRun(killAt: string, meanwhile: () => Promise<unknown>): Promise<Run> {
  const id = await replicas.kill(killAt, async (url) => idOf(await ask(`${url}/sync/listings`, 'POST', {})));
  await meanwhile();
  return ended(replicas.url(), id);
}

/** What the next reads come to: the first has all that the feeds have, the second also knows what is gone. */
async function expectWhatFeedsHave(): Promise<void> {
  await read();
  const first = await bed.inStream();
  await read();
  const second = await bed.inStream();

  const feeds = Object.fromEntries(await bed.inFeeds());
  expect(Object.fromEntries(first.titles)).toMatchObject(feeds);
  expect(Object.fromEntries(second.titles)).toEqual(feeds);
}

const reading = ['before-read:1', 'before-produce:2', 'after-produce:1', 'after-rows:1', 'after-rows:2'];
const marking = [
  'before-missed:1',
  'before-stale:1',
  'before-stale-produced:1',
  'after-stale-produced:1',
  'after-stale:1',
  'before-outcome:1',
  'after-outcome:1',
];

describe('a run over listings whose process is killed', () => {
  it.each(reading)('at %s, and a feed that is back at what was last read', async (killAt) => {
    await begin();
    await changeFeeds();

    const run = await killedRun(killAt, () => withoutOne('centro'));

    expect(run).toMatchObject({ state: 'succeeded', entities: [{ complete: true, rejected: 0 }] });
    await expectWhatFeedsHave();
  });

  it.each(marking)('at %s, and a plan that is back', async (killAt) => {
    await begin();
    await changeFeeds();

    const run = await killedRun(killAt, () => whole('centro'));

    expect(run).toMatchObject({ state: 'succeeded', entities: [{ complete: true, rejected: 0 }] });
    await expectWhatFeedsHave();
  });

  it.each(['before-missed:1', 'before-stale-produced:1', 'after-stale-produced:1'])(
    'at %s where feeds say that nothing changed, and a plan that is back',
    async (killAt) => {
      await begin();

      const run = await killedRun(killAt, () => whole('centro'));

      expect(run).toMatchObject({ state: 'succeeded', entities: [{ complete: true, rejected: 0 }] });
      await expectWhatFeedsHave();
    },
  );
});
