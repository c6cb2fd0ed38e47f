import { gzipSync } from 'node:zlib';
import type { RunningService } from '@millrace/testing/start-service';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Answer, type FeedServer, feedOf, sendWhole, startFeedServer } from './feed-server.ts';
import { type ListingsBed, openListingsBed, type ProviderName } from './listings-bed.ts';
import { sync } from './test-bed.ts';

let bed: ListingsBed;
let sur: FeedServer;
let service: RunningService;

const PROVIDERS: readonly ProviderName[] = ['centro', 'norte'];
const KINDS = ['401', '403', '429', '500', 'timeout', 'reset', 'truncated', 'malformed', 'slow', 'bomb'];

beforeAll(async () => {
  bed = await openListingsBed(inject('stack'), { centro: 30, norte: 30 });
  sur = await startFeedServer();
});
afterAll(async () => {
  await bed?.close();
  await sur?.close();
});

const start = (providers: string) =>
  bed.startSync(
    {
      LISTING_PROVIDERS: providers,
      ...{ SYNC_CALL_TIMEOUT_SECONDS: '1', LISTING_STALL_SECONDS: '1', SYNC_BREAKER_SECONDS: '1' },
    },
    'sync-with-short-times',
  );

async function read() {
  const run = await sync(service.url, '/sync/listings', {});
  return { ...run, ...run.entities[0], state: run.state };
}

/** Something new, something changed, something gone; answers what is gone. */
async function changeFeed(provider: ProviderName, turn: number): Promise<string> {
  const ids = await bed.idsOf(provider);
  const [changed, gone] = [ids[turn % 5], ids.at(-1)];
  await bed.control(provider, 'change', { entity: 'plans', id: changed, fields: { title: `Title ${turn}` } });
  await bed.control(provider, 'remove', { entity: 'plans', id: gone });
  await bed.control(provider, 'add', { entity: provider === 'centro' ? 'planList' : 'eventList', count: 1 });
  return `${provider}:${gone}`;
}

it('come to what the feeds have though 30 % of the calls fail in every way, and nothing is wrongly stale meanwhile', async () => {
  service = await start(`centro=${bed.feeds.centro},norte=${bed.feeds.norte}`);
  const states = [(await read()).state];
  const gone = new Set<string>();
  const wronglyStale: string[] = [];
  for (const provider of PROVIDERS)
    await bed.control(provider, 'faults', { rate: 0.3, kinds: KINDS, seed: provider.length });
  for (let turn = 0; turn < 6; turn += 1) {
    for (const provider of PROVIDERS) gone.add(await changeFeed(provider, turn));
    states.push((await read()).state);
    const { stale } = await bed.inStream();
    wronglyStale.push(...[...stale.keys()].filter((id) => !gone.has(id)));
  }
  for (const provider of PROVIDERS) await bed.control(provider, 'faults', { rate: 0 });

  const afterwards = [await read(), await read(), await read()];

  const { titles, stale } = await bed.inStream();
  expect(states).toContain('partial');
  expect(wronglyStale).toEqual([]);
  expect(afterwards.map(({ state, complete }) => [state, complete])).toEqual(Array(3).fill(['succeeded', true]));
  expect(Object.fromEntries(titles)).toEqual(Object.fromEntries(await bed.inFeeds()));
  expect(stale.size).toBeGreaterThan(0);
});

const SUR = [1, 2, 3, 4, 5, 6, 7];
const surFeed = feedOf(SUR);

const beginAndStop: Answer = (_req, res) => res.writeHead(200).write(surFeed.slice(0, 300));
const half: Answer = (_req, res) => {
  res.writeHead(200, { 'content-length': surFeed.length });
  res.write(surFeed.slice(0, surFeed.length / 2), () => res.destroy());
};
const ENTITIES = '<!DOCTYPE planList [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>';

const faults: readonly (readonly [string, Answer, string])[] = [
  ['is down', (_req, res) => res.destroy(), 'sur: GET '],
  ['answers 401', (_req, res) => res.writeHead(401).end(), 'sur: it answered 401'],
  ['stops in the middle', beginAndStop, 'sur: it sent nothing for 1 s (LISTING_STALL_SECONDS)'],
  // Further apart, as five calls in vain have a provider left alone for a while.
  ['answers 500', (_req, res) => res.writeHead(500).end(), 'answered 500'],
  ['breaks off', half, 'sur: '],
  ['sends half a feed as a whole one', sendWhole(surFeed.slice(0, surFeed.length / 2)), 'the feed breaks off'],
  ['sends a page of HTML', sendWhole('<html><body>Sorry</body></html>'), 'sur: line 1: the feed is a <html>'],
  ['answers nothing', () => undefined, 'did not answer within 1 s (SYNC_CALL_TIMEOUT_SECONDS)'],
  ['sends bytes that are no text', sendWhole(Buffer.from([0x3c, 0x70, 0xff, 0xfe, 0x00, 0x80])), 'sur: '],
  ['sends nothing', sendWhole(''), 'sur: it is empty'],
  ['has another encoding than it says', sendWhole(Buffer.from(feedOf(SUR, 'Gradería'), 'latin1')), 'not utf-8'],
  ['says UTF-16 and sends UTF-8', sendWhole(surFeed, { 'content-type': 'text/xml; charset=utf-16' }), 'utf-16'],
  ['names an encoding that nobody knows', sendWhole(surFeed.replace('UTF-8', 'UTF-9')), 'UTF-9 is not known'],
  ['has entities', sendWhole(surFeed.replace('?>', `?>${ENTITIES}`)), 'a DOCTYPE is refused'],
  ['is deeper than any feed', sendWhole(surFeed.replace('<plan ', `${'<x>'.repeat(99_999)}<plan `)), 'deep'],
  ['unpacks to a bomb', sendWhole(gzipSync(Buffer.alloc(50_000_000, 'a')), { 'content-encoding': 'gzip' }), 'sur: '],
];

describe('a provider that fails leaves the others as they are: one that', () => {
  beforeAll(async () => {
    for (const provider of PROVIDERS) await bed.control(provider, 'reset');
    await service.stop();
    service = await start(`centro=${bed.feeds.centro},sur=${sur.url}/plans.xml`);
    sur.answer(sendWhole(surFeed));
    // Other providers than before: the first read only says what there is.
    for (let n = 0; n < 3; n += 1) await read();
  });

  it.each(faults)('%s', async (_name, answer, reason) => {
    const turn = faults.findIndex(([, each]) => each === answer);
    sur.answer(answer);
    await changeFeed('centro', turn);

    const run = await read();

    const { titles, stale } = await bed.inStream();
    const feeds = [...(await bed.inFeeds())].filter(([id]) => id.startsWith('centro'));
    expect(run).toMatchObject({ state: 'partial', complete: false, message: expect.stringContaining(reason) });
    expect(run.message).toMatch(/^incomplete: sur: /);
    expect(Object.fromEntries(titles)).toMatchObject(Object.fromEntries(feeds));
    expect([...stale.keys()].filter((id) => id.startsWith('sur'))).toEqual([]);
  });

  it('is there again has missed nothing', async () => {
    sur.answer(sendWhole(surFeed));
    const back = await read();
    const { titles } = await bed.inStream();

    expect(back).toMatchObject({ state: 'succeeded', complete: true });
    expect(SUR.map((id) => titles.get(`sur:${id}`))).toEqual(SUR.map((id) => `Plan ${id}`));
  });
});
