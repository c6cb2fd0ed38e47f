import { get as httpGet } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ListingsOptions, startListings } from './start-listings.ts';

async function simulated(options: ListingsOptions = {}) {
  const simulator = await startListings({ port: 0, today: '2026-03-14', plans: 12, ...options });
  onTestFinished(() => simulator.close());
  const { url } = simulator;
  const post = (path: string, body: unknown) => fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  const text = async (path: string) => (await fetch(`${url}${path}`)).text();
  const bytes = async (path: string) => Buffer.from(await (await fetch(`${url}${path}`)).arrayBuffer());
  return { url, post, text, bytes };
}

describe('feeds', () => {
  it('are in two vocabularies', async () => {
    const { text } = await simulated();

    expect(await text('/plans.xml')).toMatch(
      /<planList[\s\S]*<output>[\s\S]*<base_plan base_plan_id="1001"[\s\S]*<plan plan_start_date/,
    );
    expect(await text('/events.xml')).toMatch(
      /<eventList[\s\S]*<base_event base_event_id="500001"[\s\S]*<event event_start/,
    );
  });

  it('have the dirt of real ones', async () => {
    const { text } = await simulated();
    const feed = await text('/plans.xml');

    expect(feed).toContain('2026-09-31T20:00:00');
    expect(feed).toContain('price="-10.00"');
    expect(feed.match(/zone_id="40" capacity="243" price="99.00"/g)).toHaveLength(2);
    expect(feed.match(/plan_id="900"/g)).toHaveLength(2);
    expect(feed).toContain('sell_mode="offline"');
    expect(feed).toContain('price="twenty"');
  });

  it('are 304 while nothing has changed, by tag and by date', async () => {
    const { url, post } = await simulated();
    const first = await fetch(`${url}/plans.xml`);
    const etag = first.headers.get('etag') ?? '';
    const ask = (headers: Record<string, string>) => fetch(`${url}/plans.xml`, { headers });

    const byTag = await ask({ 'if-none-match': etag });
    const byDate = await ask({ 'if-modified-since': first.headers.get('last-modified') ?? '' });
    await post('/control/change', { entity: 'plans', id: '1012', fields: { price: 77 } });
    const changed = await ask({ 'if-none-match': etag });

    expect([byTag.status, byDate.status, changed.status]).toEqual([304, 304, 200]);
    expect(await changed.text()).toContain('price="77.00"');
  });

  it('come in the declared encoding, with a mark where UTF-16 needs one', async () => {
    const { bytes } = await simulated();
    const decode = async (encoding: string, label: string) =>
      new TextDecoder(label, { fatal: true }).decode(await bytes(`/plans.xml?encoding=${encoding}`));

    const utf8 = await decode('UTF-8', 'utf-8');

    expect(await decode('UTF-16LE', 'utf-16le')).toBe(utf8.replace('encoding="UTF-8"', 'encoding="UTF-16LE"'));
    expect(await decode('UTF-16BE', 'utf-16be')).toContain('Gradería');
    expect(await decode('ISO-8859-1', 'iso-8859-1')).toContain('Gradería');
    expect(await decode('windows-1252', 'windows-1252')).toContain('&#128512;');
    expect((await bytes('/plans.xml?bom=1')).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  });

  it('come as gzip where the client takes it, and as a file', async () => {
    const { url, text, bytes } = await simulated();

    const response = await fetch(`${url}/plans.xml?gzip=1`);

    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.text()).toBe(await text('/plans.xml'));
    expect(gunzipSync(await bytes('/plans.xml?gzip=file')).toString()).toBe(await text('/plans.xml'));
  });

  it('are generated as large as asked for', async () => {
    const { text, bytes } = await simulated();

    expect((await text('/plans.xml?plans=500')).match(/<base_plan /g)).toHaveLength(500);
    const large = await bytes('/plans.xml?bytes=3000000');
    expect(large.length).toBeGreaterThan(3_000_000);
    expect(large.length).toBeLessThan(3_200_000);
    expect(large.toString().trimEnd().endsWith('</planList>')).toBe(true);
  });

  it('wait for a slow reader instead of filling memory', async () => {
    const { url } = await simulated();
    const before = process.memoryUsage().rss;

    await new Promise<void>((resolve) => {
      httpGet(`${url}/plans.xml?bytes=500000000`, (response) => {
        response.once('data', () => {
          response.pause();
          setTimeout(() => resolve(void response.destroy()), 500);
        });
      });
    });

    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });
});

describe('what the providers have', () => {
  it('changes by control', async () => {
    const { url, post, text } = await simulated();
    const counts = async (): Promise<unknown> => (await fetch(`${url}/control`)).json();

    expect(await counts()).toEqual({ plans: 24 });
    await post('/control/remove', { entity: 'plans', id: '1012' });
    await post('/control/add', { entity: 'eventList', count: 2 });

    expect(await counts()).toEqual({ plans: 25 });
    expect(await text('/plans.xml')).not.toContain('base_plan_id="1012"');
  });

  it('grows and drops what has ended', async () => {
    const { url, post, text } = await simulated({ plans: 30, clock: () => Date.parse('2026-03-14T12:00:00Z') });
    const before = await text('/plans.xml');

    await post('/control/grow', { steps: 3 });

    expect(await text('/plans.xml')).not.toBe(before);
    expect(await (await fetch(`${url}/control`)).json()).toEqual({ plans: 60 });
  });

  it.each(['truncated', '500', 'bomb'])('fails with %s as asked', async (kind) => {
    const { url, post } = await simulated();

    await post('/control/faults', { rate: 1, kinds: [kind], seed: 1 });
    const answer = await fetch(`${url}/plans.xml`)
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch(() => ({ status: 0, text: '' }));

    expect(answer).not.toMatchObject({ status: 200, text: expect.stringMatching(/<\/planList>\s*$/) });
  });
});
