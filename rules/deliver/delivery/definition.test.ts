import { loadStreams } from '@millrace/core/schema/load-streams';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { beforeAll, describe, expect, it } from 'vitest';
import { createGuard, type Resolve } from '../address/guard.ts';
import { changedDelivery, checkDefinition, newDelivery } from './definition.ts';

let streams: Awaited<ReturnType<typeof loadStreams>>;
beforeAll(async () => {
  streams = await loadStreams(schemasDir);
});

const names: Readonly<Record<string, string>> = { 'shop.example': '93.184.216.34', 'inside.example': '10.1.2.3' };
const resolve: Resolve = async (host) => {
  const address = names[host];
  if (address === undefined) throw new Error('ENOTFOUND');
  return [{ address, family: 4 }];
};
const good = { name: 'wins', stream: 'won-events', url: 'https://shop.example/hook' };

async function faultsOf(body: unknown, allowPrivate = false): Promise<string[]> {
  const guard = createGuard(allowPrivate, resolve);
  const { faults = [] } = await checkDefinition(newDelivery, body, { streams, guard, allowPrivate });
  return faults.map(({ pointer, message }) => `${pointer} ${message}`);
}

describe('a definition', () => {
  it('is taken with little, and filled up', async () => {
    const options = { streams, guard: createGuard(false, resolve), allowPrivate: false };

    expect(await checkDefinition(newDelivery, good, options)).toEqual({
      definition: { ...good, filter: null, from: 'now' },
    });
    const timed = { ...good, from: '2026-03-14T08:30:00+01:00', filter: 'event.depth == 0 && event.values != null' };
    expect(await checkDefinition(newDelivery, timed, options)).toMatchObject({
      definition: { from: Date.UTC(2026, 2, 14, 7, 30) },
    });
  });

  it('is refused with every fault at once, each with its place', async () => {
    const body = {
      ...{ name: '', stream: 'running', url: 'ftp://shop.example', filter: 'event.distance > 5 &&\n event.nope == 1' },
      ...{ secret: 'short', from: 'yesterday', more: 1 },
    };

    expect(await faultsOf(body)).toEqual([
      '/name must not be empty',
      '/secret must be whsec_ and 24 to 64 bytes in base64, or "generate"',
      '/from must be now, start, or a time such as 2026-03-14T07:30:00Z',
      '/more is not known here',
      '/url must begin with https://',
      '/filter line 2, column 8: there is no field nope',
    ]);
    expect(await faultsOf({})).toEqual(['/name must be text', '/stream must be text', '/url must be text']);
    expect(await faultsOf([])).toEqual([' must be an object']);
    expect(await faultsOf({ ...good, stream: 'toString' })).toEqual(['/stream there is no stream toString']);
  });

  it.each([
    ['https://127.0.0.1/', /^\/url 127\.0\.0\.1 is a private address/],
    ['https://[::ffff:169.254.169.254]/', /^\/url ::ffff:a9fe:a9fe is a private address/],
    ['https://0x7f.1/', /^\/url 127\.0\.0\.1 is a private address/],
    ['https://localhost:8443/', /^\/url localhost is a private name/],
    ['https://metadata.google.internal/', /^\/url metadata\.google\.internal is a private name/],
    ['https://inside.example/', /^\/url 10\.1\.2\.3 is a private address/],
    ['http://shop.example/', /^\/url must begin with https/],
    ['https://me:pass@shop.example/', /^\/url must be without user and password/],
    ['https://shop.example/#here', /^\/url must be without a fragment/],
    ['shop.example', /^\/url must be a URL/],
    [`https://shop.example/${'x'.repeat(2_000)}`, /^\/url may have at most 2000/],
  ])('may not name the endpoint %s', async (url, fault) => {
    expect(await faultsOf({ ...good, url })).toEqual([expect.stringMatching(fault)]);
  });

  it('may name an endpoint that can not be looked up now, and a private one where that is allowed', async () => {
    expect(await faultsOf({ ...good, url: 'https://not-there.example/' })).toEqual([]);
    expect(await faultsOf({ ...good, url: 'http://127.0.0.1:9/' }, true)).toEqual([]);
  });

  it.each([
    ['account != null', '/filter line 1, column 1: a filter knows event alone, and no account'],
    ['event.depth', '/filter line 1, column 1: must be true or false; this is a double'],
    ['event.account_id == 5', '/filter line 1, column 1: no such overload: string == int'],
    ['event.depth ==', /^\/filter line 1, column 15: /],
  ])('may not have the filter %s', async (filter, fault) => {
    expect(await faultsOf({ ...good, filter })).toEqual([
      typeof fault === 'string' ? fault : expect.stringMatching(fault),
    ]);
  });

  it('says where to begin only when it is new', async () => {
    const options = { streams, guard: createGuard(true), allowPrivate: true };

    expect(await checkDefinition(changedDelivery, { ...good, from: 'start' }, options)).toEqual({
      faults: [{ pointer: '/from', message: 'is not known here' }],
    });
  });
});
