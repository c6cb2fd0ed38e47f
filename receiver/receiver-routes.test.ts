import { Problem } from '@millrace/core/problem/problem';
import { describe, expect, it } from 'vitest';
import { receiverWithoutKafka } from './test/receiver-without-kafka.ts';

const TIME = { type: 'long', logicalType: 'timestamp-millis' };
const block = { path: '/v1/things', path_aliases: ['/posts', '/old/things'], key: 'thing_id', store: 'upsert' };
const schemaWith = (stream: object) => ({
  ...{ type: 'record', name: 'Thing', stream: { ...block, ...stream } },
  fields: [
    { name: 'thing_id', type: 'string', generate: 'uuid' },
    { name: 'name', type: 'string' },
    { name: 'made_at', type: TIME, generate: 'now' },
  ],
});
const routes = [block.path, ...block.path_aliases];
const A_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const keyed = (key: string) => ({ 'idempotency-key': key });

/** A file of the schema is `posts.avsc`, so `/posts` is the route of its index too. */
describe('an alias of a path', () => {
  it.each([...routes, ...routes.map((route) => `${route}/`)])('takes posts like the path itself: %s', async (route) => {
    const { post, written } = await receiverWithoutKafka(schemaWith({}));

    const { status, headers, body } = await post({ name: 'a' }, {}, route);

    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/things/${body.key}`);
    expect(written()).toMatchObject([{ name: 'a', thing_id: body.key }]);
  });

  it('shares idempotency keys with it', async () => {
    const { post, written } = await receiverWithoutKafka(schemaWith({}));

    const answers = await Promise.all(routes.map((route) => post({ name: 'a' }, keyed('k'), route)));

    expect(new Set(answers.map(({ body }) => body.key)).size).toBe(1);
    expect(written()).toHaveLength(1);
  });

  it.each(routes)('leaves other methods of %s to a 405', async (route) => {
    const { send } = await receiverWithoutKafka(schemaWith({}));

    const answer = await send('PUT', route);

    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });
});

describe('a stream that is not posted to', () => {
  it.each([
    ...routes.flatMap((route) => [route, `${route}/`, `${route}/a`, `${route}?a=1`]).map((path) => ['POST', path]),
    ...routes.flatMap((route) => [route, `${route}/a`]).map((path) => ['DELETE', path]),
    ...routes.map((route) => ['GET', route]),
  ] as [string, string][])('is answered 405: %s %s', async (method, path) => {
    const { send, written } = await receiverWithoutKafka(schemaWith({ post: false }));
    const init = { body: '{"name":"a"}', headers: { 'content-type': 'application/json' } };

    const { status, headers, body } = await send(method, path, method === 'GET' ? {} : init);

    expect([status, headers.get('allow'), body.code]).toEqual([405, 'OPTIONS', 'method-not-allowed']);
    expect(body.detail).toBe('posts is written by Millrace alone; storage has its rows.');
    expect(written()).toEqual([]);
  });

  it('says by OPTIONS that it takes nothing else', async () => {
    const { send } = await receiverWithoutKafka(schemaWith({ post: false }));

    const answers = await Promise.all([send('OPTIONS', '/posts'), send('OPTIONS', '/posts/a')]);

    expect(answers.map(({ status, headers }) => [status, headers.get('allow')])).toEqual([
      [204, 'OPTIONS'],
      [204, 'OPTIONS'],
    ]);
  });
});

describe('a key that is generated', () => {
  it('is in the answer, another one for each post', async () => {
    const { post, written } = await receiverWithoutKafka(schemaWith({}));

    const [one, other] = [await post({ name: 'a' }), await post({ name: 'a' })];

    expect(one.body.key).toMatch(A_UUID);
    expect(other.body.key).not.toBe(one.body.key);
    expect(written().map(({ thing_id }) => thing_id)).toEqual([one.body.key, other.body.key]);
  });

  it('is the one that was given, where one was', async () => {
    const { post } = await receiverWithoutKafka(schemaWith({}));

    const { body, headers } = await post({ name: 'a', thing_id: 'a"/b' });

    expect(body.key).toBe('a"/b');
    expect(headers.get('location')).toBe('/v1/things/a%22%2Fb');
  });

  it.each([
    ['an array', '[{"name":"a"},{"name":"b","thing_id":"given"},{},{"name":"c"}]', 'application/json'],
    ['lines', '{"name":"a"}\n{"name":"b","thing_id":"given"}\n{}\n{"name":"c"}', 'application/x-ndjson'],
  ])('is made for each record of a batch that lacks one: %s', async (_, batch, type) => {
    const { post, written } = await receiverWithoutKafka(schemaWith({}));

    const { status, body } = await post(batch, { 'content-type': type });

    const keys = body.results.map(({ key }: { key?: string }) => key);
    expect(status).toBe(207);
    expect(keys).toEqual([expect.stringMatching(A_UUID), 'given', undefined, expect.stringMatching(A_UUID)]);
    expect(keys[0]).not.toBe(keys[3]);
    expect(written().map(({ thing_id }) => thing_id)).toEqual([keys[0], 'given', keys[3]]);
  });

  it('is the same in the retry of a batch under one idempotency key', async () => {
    const { post, written } = await receiverWithoutKafka(schemaWith({}));
    const batch = [{ name: 'a' }, { name: 'b' }];

    const [first, again] = [await post(batch, keyed('k')), await post(batch, keyed('k'))];

    expect(again.body.results).toEqual(first.body.results);
    expect(written()).toHaveLength(2);
  });

  it.each([
    ['at once', true],
    ['later', false],
  ])('is the same in a retry that comes %s, and nothing is written again', async (_, together) => {
    const { post, written } = await receiverWithoutKafka(schemaWith({}));
    const ask = () => post({ name: 'a' }, keyed('k'));

    const answers = together ? await Promise.all([ask(), ask(), ask()]) : [await ask(), await ask(), await ask()];

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.key)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.has('idempotent-replayed'))).toHaveLength(2);
    expect(written()).toHaveLength(1);
  });

  it('is the same at another receiver, under the same event id', async () => {
    const [one, other] = [await receiverWithoutKafka(schemaWith({})), await receiverWithoutKafka(schemaWith({}))];

    const [first, again] = [await one.post({ name: 'a' }, keyed('k')), await other.post({ name: 'a' }, keyed('k'))];

    expect([again.body.key, again.body.event_id]).toEqual([first.body.key, first.body.event_id]);
  });

  it('does not hide that a retry has other content', async () => {
    const { post } = await receiverWithoutKafka(schemaWith({}));
    const { body } = await post({ name: 'a' }, keyed('k'));

    const answers = await Promise.all(
      [
        { name: 'b' },
        { name: 'a', thing_id: 'other' },
        { name: 'a', made_at: '2026-03-14T07:32:10Z' },
        { name: 'a', thing_id: body.key },
      ].map((record) => post(record, keyed('k'))),
    );

    expect(answers.map(({ status }) => status)).toEqual([409, 409, 409, 201]);
  });

  it('is made for a CloudEvent by its id', async () => {
    const { post } = await receiverWithoutKafka(schemaWith({}));
    const event = { specversion: '1.0', id: 'a-1', source: '/app', type: 'thing', data: { name: 'a' } };
    const headers = { 'content-type': 'application/cloudevents+json' };

    const [first, again] = [await post(event, headers), await post(event, headers)];

    expect(first.body.key).toMatch(A_UUID);
    expect(again.body.key).toBe(first.body.key);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('is refused as null, which counts as given', async () => {
    const { post } = await receiverWithoutKafka(schemaWith({}));

    const { status, body } = await post({ name: 'a', thing_id: null, made_at: null });

    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/thing_id', '/made_at']);
  });

  it('is the same when what was not acknowledged is sent again', async () => {
    let isAway = true;
    async function beforeAcknowledging() {
      if (isAway) throw new Problem('kafka-unavailable', 'nothing was written');
    }
    const { post, written } = await receiverWithoutKafka(schemaWith({}), { beforeAcknowledging });
    const refused = await post({ name: 'a' }, keyed('k'));
    isAway = false;

    const taken = await post({ name: 'a' }, keyed('k'));

    expect([refused.status, taken.status]).toEqual([503, 201]);
    expect(written()).toMatchObject([{ thing_id: taken.body.key, event_id: taken.body.event_id }]);
  });
});
