import { Problem } from '@millrace/core/problem/problem';
import { parseAnswer, rawSocket } from '@millrace/testing/raw-socket';
import { describe, expect, it } from 'vitest';
import { receiverWithoutKafka } from '../test/receiver-without-kafka.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const schemaWith = (stream: object, type: unknown = 'string') => ({
  type: 'record',
  name: 'Thing',
  stream: { path: '/things', path_aliases: ['/posts'], key: 'thing_id', store: 'upsert', ...stream },
  fields: [
    { name: 'thing_id', type, generate: 'uuid' },
    { name: 'name', type: 'string' },
  ],
});

describe('DELETE of a key', () => {
  it('writes a tombstone under the key of the records, and says where', async () => {
    const { post, send, records } = await receiverWithoutKafka(schemaWith({}));
    const posted = await post({ name: 'a' });

    const { status, headers, body } = await send('DELETE', `/things/${posted.body.key}`, {
      headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
    });

    const [record, tombstone] = records();
    expect(status).toBe(202);
    expect(body).toEqual({
      ...{ key: posted.body.key, trace_id: TRACE, topic: 'posts' },
      ...{ partition: posted.body.partition, offset: posted.body.offset + 1 },
    });
    expect(headers.get('traceparent')).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(tombstone).toEqual({
      ...{ key: record?.key, partition: record?.partition, value: null },
      traceparent: headers.get('traceparent'),
    });
  });

  it('is taken under an alias, with a query, and of a key that nobody has', async () => {
    const { send, records } = await receiverWithoutKafka(schemaWith({}));

    const answers = [
      await send('DELETE', '/posts/nobody'),
      await send('DELETE', '/things/nobody?a=1'),
      await send('DELETE', '/things/nobody/'),
    ];

    expect(answers.map(({ status, body }) => [status, body.key])).toEqual([
      [202, 'nobody'],
      [202, 'nobody'],
      [202, 'nobody'],
    ]);
    expect(records()).toHaveLength(3);
  });

  it.each([
    ['a%2Fb', 'a/b'],
    ['a%00b', 'a\u0000b'],
    ['a%20b', 'a b'],
    ['a+b', 'a+b'],
    ['%25', '%'],
    ['a%3Fb%23c', 'a?b#c'],
    ['caf%C3%A9', 'café'],
    ['cafe%CC%81', 'cafe\u0301'],
    ['%EF%BB%BFa', '\uFEFFa'],
    ['%F0%9F%8F%83', '🏃'],
    ['__proto__', '__proto__'],
    [':key', ':key'],
  ])('reads the key of /things/%s', async (written, key) => {
    const { send, records } = await receiverWithoutKafka(schemaWith({}));

    const { status, body } = await send('DELETE', `/things/${written}`);

    expect([status, body.key]).toEqual([202, key]);
    expect(records().map((record) => String(record.key))).toEqual([key]);
  });

  it.each([
    ['%ZZ', 'string'],
    ['%FF', 'string'],
    ['%ED%A0%80', 'string'],
    ['x'.repeat(256), 'string'],
    [encodeURIComponent('🏃'.repeat(256)), 'string'],
    ['nope', { type: 'string', logicalType: 'uuid' }],
    ['d290f1ee-6c54-4b01-90e6-d701748f0851%20', { type: 'string', logicalType: 'uuid' }],
  ])('refuses the key of /things/%s', async (written, type) => {
    const { send, records } = await receiverWithoutKafka(schemaWith({}, type));

    const { status, body } = await send('DELETE', `/things/${written}`);

    expect([status, body.code]).toEqual([400, 'invalid-parameter']);
    expect(records()).toEqual([]);
  });

  it('says what is wrong with a key', async () => {
    const { send } = await receiverWithoutKafka(schemaWith({}));

    const { body } = await send('DELETE', `/things/${'x'.repeat(256)}`);

    expect(body.detail).toBe('The thing_id in the path must have at most 255 characters.');
    expect(body.errors).toEqual([{ pointer: '/path/thing_id', message: 'must have at most 255 characters' }]);
  });

  it('takes dots for a key as for any other', async () => {
    const { url, records } = await receiverWithoutKafka(schemaWith({}));
    const socket = await rawSocket(url);

    socket.send('DELETE /things/.. HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');

    expect(parseAnswer(await socket.received).status).toBe(202);
    expect(records().map((record) => String(record.key))).toEqual(['..']);
  });

  it.each([
    ['of a length', 'Content-Length: 14\r\n\r\n{"thing_id":1}'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\ne\r\n{"thing_id":1}\r\n0\r\n\r\n'],
  ])('ignores a body %s, and serves the next request of the connection', async (_, body) => {
    const { url, records } = await receiverWithoutKafka(schemaWith({}));
    const socket = await rawSocket(url);
    const type = 'Host: localhost\r\nContent-Type: application/json\r\n';

    socket.send(`DELETE /things/a HTTP/1.1\r\n${type}${body}`);
    socket.send('DELETE /things/b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');

    expect((await socket.received).match(/HTTP\/1\.1 202/g)).toHaveLength(2);
    expect(records().map((record) => String(record.key))).toEqual(['a', 'b']);
  });

  it('asks for what a post asks for, and counts as a request of its client', async () => {
    const asked: unknown[] = [];
    const { send } = await receiverWithoutKafka(schemaWith({}), {
      rateLimit: 1,
      authorize(_req, access) {
        asked.push(access);
        return { subject: 'app', clientId: 'app', scopes: undefined };
      },
    });

    const answers = [await send('DELETE', '/things/a'), await send('DELETE', '/things/a')];

    expect(asked[0]).toMatchObject({ scope: 'ingest', streams: [{ name: 'posts' }] });
    expect(answers.map(({ status }) => status)).toEqual([202, 429]);
  });

  it('says what became of it while Kafka is unreachable', async () => {
    async function beforeAcknowledging() {
      throw new Problem('kafka-unavailable', 'Kafka is unreachable: nothing was written', {
        headers: { 'retry-after': '1' },
      });
    }
    const { send } = await receiverWithoutKafka(schemaWith({}), { beforeAcknowledging });

    const { status, headers, body } = await send('DELETE', '/things/a');

    expect([status, headers.get('retry-after'), body.code]).toEqual([503, '1', 'kafka-unavailable']);
  });

  it('comes after the posts of the key that were accepted before it', async () => {
    const { post, send, records } = await receiverWithoutKafka(schemaWith({}));

    for (const name of ['a', 'b']) {
      await post({ thing_id: 'x', name });
      await send('DELETE', '/things/x');
    }

    expect(records().map(({ value }) => value === null)).toEqual([false, true, false, true]);
  });
});

describe('where nothing can be deleted, it is 405 with what is allowed:', () => {
  it.each([
    ['the records of an append stream', { store: 'append' }, 'DELETE', '/things/a', 'OPTIONS'],
    ['their alias', { store: 'append' }, 'DELETE', '/posts/a', 'OPTIONS'],
    ['a whole stream', {}, 'DELETE', '/things', 'POST, OPTIONS'],
    ['no key', {}, 'DELETE', '/things/', 'POST, OPTIONS'],
    ['another method', {}, 'PATCH', '/things/a', 'DELETE, OPTIONS'],
    ['a read, which is storage’s', {}, 'GET', '/things/a', 'DELETE, OPTIONS'],
    ['a post to a key', {}, 'POST', '/things/a', 'DELETE, OPTIONS'],
  ])('%s', async (_, stream, method, path, allow) => {
    const { send, records } = await receiverWithoutKafka(schemaWith(stream));

    const { status, headers, body } = await send(method, path);

    expect([status, headers.get('allow'), body.code]).toEqual([405, allow, 'method-not-allowed']);
    expect(records()).toEqual([]);
  });

  it('and 404 below a key', async () => {
    const { send } = await receiverWithoutKafka(schemaWith({}));

    expect((await send('DELETE', '/things/a/b')).status).toBe(404);
  });
});
