import { ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openTestBed, sync, type TestBed } from './test-bed.ts';

let bed: TestBed;
let service: RunningService;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'));
  service = await bed.startSync();
  bed.vendor.fill(3);
  await ask(`${service.url}/sync/connectors/vendor/pause`, 'POST');
});
afterAll(() => bed?.close());

const CURSOR = '/sync/connectors/vendor/passes/cursor';
const ROUTES = ['/sync/all', '/sync/customer', '/sync/events', '/sync/vendor', '/sync/backfill', CURSOR];
const nested = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;
const dates = (start_date: unknown, end_date: unknown) => JSON.stringify({ start_date, end_date });

async function send(path: string, body: string | Buffer, headers: Readonly<Record<string, string>> = {}) {
  const began = performance.now();
  const response = await fetch(service.url + path, {
    method: path === CURSOR ? 'PUT' : 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  return { path, status: response.status, text, ms: performance.now() - began };
}

/** What no route takes. */
const bodies: readonly (readonly [string, string | Buffer])[] = [
  ['null', 'null'],
  ['a list', '[]'],
  ['a number', '1'],
  ['text', '"customers"'],
  ['half of an object', '{"full":'],
  ['two objects', '{}{}'],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ['a member that every object has', '{"constructor":{"prototype":{"full":true}}}'],
  ['a prototype', '{"__proto__":{"full":true,"customer_id":"a"}}'],
  ['members of a wrong type', '{"full":"yes","entities":"customers","customer_id":7,"cursor":{"a":1},"connector":[]}'],
  ['a key twice, the last of a wrong type', '{"full":true,"full":"no","cursor":1,"customer_id":"a","customer_id":{}}'],
  ['lists in lists', `{"entities":${nested('[', ']', 20_000)},"cursor":${nested('[', ']', 10_000)}}`],
  ['objects in objects', `{"cursor":${nested('{"a":', '}', 9_000)}}`],
  ['very many names', JSON.stringify({ entities: Array.from({ length: 9_000 }, () => 'a') })],
  ['a day that there is not', dates('2026-02-30', '2026-03-01')],
  ['days in the wrong order', dates('2026-03-02', '2026-03-01')],
  ['an empty range', dates('2026-03-02', '2026-03-02')],
  ['days before any vendor', dates('0000-01-01', '2026-03-01')],
  ['days after all time', dates('2026-03-01', '+275760-09-13')],
  ['days with a time', dates('2026-03-01T00:00:00Z', '2026-03-02')],
  ['days with a line break', dates('2026-03-01\n', '2026-03-02')],
  ['days that are lists', dates(['2026-03-01'], { toString: 1 })],
  ['a path for an id', '{"customer_id":".."}'],
  ['half a character for an id', '{"customer_id":"\\ud800"}'],
  ['NUL for an id', '{"customer_id":"a\\u0000b"}'],
  ['a long id', JSON.stringify({ customer_id: 'a'.repeat(101) })],
  ['an entity that there is not', '{"entities":["customers","__proto__"],"connector":"vendor","entity":"constructor"}'],
];

describe('a body that no route takes', () => {
  it.each(bodies)('is refused with the reason, at once, by every route: %s', async (_name, body) => {
    const answers = [];
    for (const path of ROUTES) answers.push(await send(path, body));

    for (const { path, status, text, ms } of answers) {
      expect([400, 404], `${path}: ${text}`).toContain(status);
      expect(JSON.parse(text), path).toMatchObject({ code: expect.any(String), detail: expect.any(String) });
      expect(ms, path).toBeLessThan(2_000);
    }
  });

  it('is refused for its size or its type', async () => {
    const large = Buffer.alloc(70_000, ' ');
    const type = { 'content-type': 'text/plain' };

    for (const path of ROUTES) {
      expect((await send(path, large)).status, path).toBe(413);
      expect((await send(path, '{}', type)).status, path).toBe(415);
    }
  });

  it('has begun no run, and moved no cursor', async () => {
    const { body } = await ask(`${service.url}/sync/connectors`);

    expect((await ask(`${service.url}/sync/runs`)).body).toEqual([]);
    expect(body).toMatchObject([{ entities: [{ cursor: null }, { cursor: null }] }]);
    await ask(`${service.url}/sync/connectors/vendor/resume`, 'POST');
    expect(await sync(service.url)).toMatchObject({ state: 'succeeded', entities: [{ read: 3 }] });
  });
});

it('no query and no path is a fault of the service', async () => {
  const runs = '/sync/runs';
  const queries = [
    'limit=-1',
    'limit=1e9',
    'limit=0x10',
    'limit=1&limit=2',
    'limit=%ff',
    'cursor=',
    'cursor=%00',
    'state=constructor',
  ]
    .concat([
      'cursor=Li4',
      'connector=__proto__',
      '__proto__=1',
      'connector=..',
      'state=',
      '%zz=1',
      `cursor=${'a'.repeat(9_000)}`,
    ])
    .map((query) => `${runs}?${query}`);
  const paths = [
    '/sync/%zz',
    '/sync/__proto__',
    '/sync/constructor',
    '/sync/..%2fruns',
    '/sync/connectors/__proto__/check',
  ].concat([
    '/sync/connectors/vendor/__proto__/cursor',
    '/sync/runs/%00',
    '/sync/runs/..',
    `/sync/${'a'.repeat(9_000)}`,
  ]);

  for (const path of [...queries, ...paths])
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      const { status } = await fetch(service.url + path, { method });
      expect(status, `${method} ${path.slice(0, 80)}`).toBeGreaterThanOrEqual(200);
      expect(status, `${method} ${path.slice(0, 80)}`).toBeLessThan(500);
    }
});
