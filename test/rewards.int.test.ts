import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import type { World } from '@millrace/testing/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGround } from './start-platform.ts';

type Json = Readonly<Record<string, unknown>>;
type Answer = { readonly status: number; readonly headers: Headers; readonly body: Json };

const ROUTES = ['/v1/accounts', '/accounts'];
const UNPOSTED = ['rules', 'won-events', 'anomalies', 'rule-evaluations'];

let ground: World;
let receiver: RunningService;
let other: RunningService;
let storage: RunningService;
let analyzer: RunningService;

beforeAll(async () => {
  ground = await openGround('shipped');
  [receiver, other, storage, analyzer] = await Promise.all([
    ground.start('receiver'),
    ground.start('receiver'),
    ground.start('storage'),
    ground.start('analyzer'),
    ground.start('rules', { env: { RULES_SHIPPED: 'off' } }),
  ]);
});
afterAll(() => ground?.close());

async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}
const post = (url: string, record: object, headers: Readonly<Record<string, string>> = {}) =>
  send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(record),
  });
const remove = (path: string) => send(`${receiver.url}${path}`, { method: 'DELETE' });
const rowOf = (path: string) => send(`${storage.url}${path}`);
const untilStatus = (path: string, status: number) =>
  waitUntil(
    () => rowOf(path),
    (answer) => answer.status === status,
  );

/** Once everything is counted that is on Kafka. */
async function countOfAccounts(): Promise<number> {
  const { body } = await waitUntil(
    () => send(`${analyzer.url}/stats?max_lag=0`),
    (answer) => answer.status === 200,
  );
  return Object(body.streams).accounts.count;
}

describe('an account', () => {
  it('is made of a name alone, and found under the key that the answer has, by path and alias', async () => {
    const { status, body, headers } = await post(`${receiver.url}/accounts`, { name: 'John Doe' });

    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/accounts/${body.key}`);
    await untilStatus(`/accounts/${body.key}`, 200);
    const rows = await Promise.all(ROUTES.map((route) => rowOf(`${route}/${body.key}`)));
    const lists = await Promise.all(ROUTES.map((route) => rowOf(`${route}?account_id=${body.key}`)));
    for (const row of [...rows.map((each) => each.body), ...lists.map((list) => Object(list.body)[0])])
      expect(row).toMatchObject({
        ...{ account_id: body.key, name: 'John Doe', email: null, status: 'active', attributes: {} },
        ...{ event_id: body.event_id, created_at: row.ingested_at },
      });
    const indexed = await waitUntil(
      () => send(`${analyzer.url}/accounts?event_id=${body.event_id}`),
      (answer) => answer.status === 200,
    );
    expect(indexed.body).toMatchObject({ account_id: body.key, name: 'John Doe' });
  });

  it('is welcomed by an event, in the trace of its post', async () => {
    const { body } = await post(`${receiver.url}/accounts`, { name: 'Bea' });

    const { body: events } = await waitUntil(
      () => rowOf(`/events?account_id=${body.key}`),
      (answer) => Object(answer.body).length > 0,
    );

    expect(events).toMatchObject([{ type: 'welcome', account_id: body.key, trace_id: body.trace_id, source: 'rules' }]);
  });

  it('is listed page by page under the route that was asked', async () => {
    for (const name of ['a', 'b', 'c']) await post(`${receiver.url}/v1/accounts`, { name });

    const links = await Promise.all(
      ROUTES.map(async (route) => {
        const { headers } = await waitUntil(
          () => rowOf(`${route}?limit=1`),
          (answer) => answer.headers.has('link'),
        );
        return headers.get('link');
      }),
    );

    expect(links.map((link) => /^<([^?]*)\?/.exec(link ?? '')?.[1])).toEqual(ROUTES);
  });

  it('that is deleted is no row, no longer counted, and comes back with its next record', async () => {
    const record = { account_id: 'acct-1', name: 'Ann' };
    await post(`${receiver.url}/v1/accounts`, record);
    await untilStatus('/accounts/acct-1', 200);
    const before = await countOfAccounts();

    const { status, body } = await remove('/accounts/acct-1');

    expect(status).toBe(202);
    expect(body).toEqual({
      ...{ key: 'acct-1', topic: 'accounts', trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) },
      ...{ partition: expect.any(Number), offset: expect.any(Number) },
    });
    await untilStatus('/accounts/acct-1', 404);
    expect(await countOfAccounts()).toBe(before - 1);
    await post(`${receiver.url}/v1/accounts`, { ...record, status: 'closed' });
    const row = await untilStatus('/accounts/acct-1', 200);
    expect(row.body).toMatchObject({ name: 'Ann', status: 'closed' });
    expect(await countOfAccounts()).toBe(before);
  });

  it('that nobody has may be deleted, and what comes after it is read', async () => {
    const { status } = await remove('/v1/accounts/nobody');

    await post(`${receiver.url}/v1/accounts`, { account_id: 'nobody', name: 'Somebody' });

    expect(status).toBe(202);
    await untilStatus('/v1/accounts/nobody', 200);
    expect((await rowOf('/dead-letters?stream=accounts')).body).toEqual([]);
  });

  it.each(['a%20b', 'a%00b', '%20', 'x'.repeat(101), 'a%0Ab', '%EF%BB%BF', '%FF'])(
    'can not be one of the key %s',
    async (key) => {
      expect((await remove(`/accounts/${key}`)).status).toBe(400);
      const text = key === '%FF' ? '\uD800' : decodeURIComponent(key);
      expect((await post(`${receiver.url}/accounts`, { account_id: text, name: 'a' })).status).toBe(400);
    },
  );

  it.each(['a%2Fb', 'live', 'caf%C3%A9', 'cafe%CC%81', '%2E%2E%2Fa', '%F0%9F%8F%83', '__proto__'])(
    'may have the key %s, with which it is posted, found and deleted',
    async (key) => {
      const posted = await post(`${receiver.url}/accounts`, { account_id: decodeURIComponent(key), name: key });

      const { body } = await untilStatus(posted.headers.get('location') ?? '', 200);
      const removed = await remove(posted.headers.get('location') ?? '');

      expect(body.name).toBe(key);
      expect(removed.body.key).toBe(posted.body.key);
      await untilStatus(`/accounts/${key}`, 404);
    },
  );

  it('that is posted and deleted by many at once ends as its topic does', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `race-${n}`);
    const doings = ids.flatMap((account_id) =>
      Array.from({ length: 6 }, (_, n) =>
        n % 2 === 0
          ? post(`${(n % 4 === 0 ? receiver : other).url}/accounts`, { account_id, name: `${n}` })
          : remove(`/accounts/${account_id}`),
      ),
    );
    const answers = await Promise.all(doings);

    /** Where the last record of each key stands, by what the receivers answered. */
    const last = new Map<unknown, Answer>();
    for (const answer of answers)
      if (Number(answer.body.offset) > Number(last.get(answer.body.key)?.body.offset ?? -1))
        last.set(answer.body.key, answer);
    await post(`${receiver.url}/accounts`, { account_id: 'race-end', name: 'end' });

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 202]));
    for (const id of ids) await untilStatus(`/accounts/${id}`, last.get(id)?.status === 201 ? 200 : 404);
  });
});

describe('an event', () => {
  it('without a time is one event, whichever receivers its retries reach', async () => {
    const event = { account_id: 'acct-2', type: 'purchase', amount: 49.9 };
    const key = { 'idempotency-key': 'order-1' };
    const first = await post(`${receiver.url}/v1/events`, event, key);
    await waitUntil(
      () => rowOf('/events?account_id=acct-2'),
      ({ body }) => Object(body).length === 1,
    );

    const again = await post(`${other.url}/events`, event, key);
    const changed = await post(`${receiver.url}/events`, { ...event, occurred_at: '2026-03-14T07:32:10Z' }, key);
    const after = await post(`${other.url}/events`, { ...event, type: 'last' });

    expect([first.status, again.status, changed.status]).toEqual([201, 201, 409]);
    expect(again.body.event_id).toBe(first.body.event_id);
    expect(first.body.key).toBe('acct-2');
    await untilStatus(`/events/${after.body.event_id}`, 200);
    const { body: rows } = await rowOf('/v1/events?account_id=acct-2');
    expect(rows).toMatchObject([{ event_id: first.body.event_id }, { event_id: after.body.event_id }]);
    expect((await rowOf('/dead-letters?stream=events')).body).toEqual([]);
  });

  it('with a time that differs from the first one is a conflict, also at another receiver', async () => {
    const event = { account_id: 'acct-3', type: 'purchase', event_id: crypto.randomUUID() };
    await post(`${receiver.url}/events`, event);
    await untilStatus(`/events/${event.event_id}`, 200);

    await post(`${other.url}/events`, { ...event, occurred_at: '2026-03-14T07:32:10Z' });

    const { body } = await waitUntil(
      () => rowOf('/dead-letters?stream=events'),
      (answer) => Object(answer.body).length > 0,
    );
    expect(body).toMatchObject([{ code: 'idempotency-conflict', event_id: event.event_id }]);
  });

  it('is not in the way of the search of listings, which lies below its path', async () => {
    expect((await rowOf('/v1/events/search')).status).toBe(200);
  });
});

describe('what only Millrace writes', () => {
  it.each(UNPOSTED)('is read, and not posted: %s', async (name) => {
    const { path } = ground.stream(`rewards/${name}`);

    const posted = await post(`${receiver.url}${path}`, { account_id: 'a' });
    const listed = await rowOf(path);
    const indexed = await send(`${analyzer.url}/${name}?index=0`);

    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'OPTIONS']);
    expect([listed.status, listed.body]).toEqual([200, []]);
    expect(indexed.status).toBe(404);
  });
});
