import { randomUUID } from 'node:crypto';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { partitionOf } from '@millrace/core/stream/partition-of';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type OwnReceiver, ownReceiver, run, runningSchema } from './own-receiver.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

let own: OwnReceiver;

beforeAll(async () => {
  own = await ownReceiver(inject('stack'), await runningSchema(), { env: { MAX_BODY_BYTES: '100000' } });
});
afterAll(() => own.close());

describe('a record posted', () => {
  it('is answered with its place, where the topic then holds it, completed and keyed', async () => {
    const record = run();

    const { status, headers, body } = await own.post(record, { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` });
    const held = (await own.read()).find(({ value }) => value.event_id === body.event_id);

    expect(status).toBe(201);
    expect(body).toEqual({
      event_id: expect.stringMatching(UUID_V7),
      key: record.user_id,
      trace_id: TRACE,
      topic: own.stream.topic,
      partition: expect.any(Number),
      offset: expect.any(Number),
    });
    expect(headers.get('location')).toBe(`${own.stream.path}/${body.event_id}`);
    expect(headers.get('traceparent')).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    expect(held).toMatchObject({ partition: body.partition, offset: BigInt(body.offset) });
    expect(held?.partition).toBe(partitionOf(Buffer.from(record.user_id), 3));
    expect(String(held?.key)).toBe(record.user_id);
    expect(String(held?.headers.traceparent)).toContain(TRACE);
    expect(held?.value).toEqual({
      ...record,
      timestamp: Date.parse(record.timestamp),
      event_id: body.event_id,
      trace_id: TRACE,
      source: 'anonymous',
      ingested_at: expect.any(Number),
    });
  });

  it('begins a trace when the request brings none, or one that is not valid', async () => {
    const answers = [await own.post(run()), await own.post(run(), { traceparent: '00-0-0-00' })];

    for (const { body, headers } of answers) {
      expect(body.trace_id).toMatch(/^[0-9a-f]{32}$/);
      expect(headers.get('traceparent')).toContain(body.trace_id);
    }
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('may come as %s', async (encoding, compress) => {
    const { status } = await own.post(compress(JSON.stringify(run())), { 'content-encoding': encoding });

    expect(status).toBe(201);
  });

  it('may come under a path with a query and under one with a slash at its end', async () => {
    const post = (url: string) =>
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(run()) });

    expect((await post(`${own.url}?from=app`)).status).toBe(201);
    expect((await post(`${own.url}/`)).status).toBe(201);
  });
});

describe('a record refused', () => {
  it('is answered 400 naming every fault at once', async () => {
    const { status, headers, body } = await own.post({ user_id: 'nope', duration: -1, mood: 'good', event_id: 7 });

    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body.code).toBe('invalid-record');
    expect(body.errors).toEqual([
      { pointer: '/user_id', message: 'must be a uuid such as d290f1ee-6c54-4b01-90e6-d701748f0851' },
      { pointer: '/duration', message: 'must be >= 0' },
      { pointer: '/distance', message: 'is required' },
      { pointer: '/timestamp', message: 'is required' },
      { pointer: '/event_id', message: 'must be a text, a uuid such as d290f1ee-6c54-4b01-90e6-d701748f0851' },
      { pointer: '/mood', message: 'is not a field of this stream' },
    ]);
  });

  it.each([
    ['what is not JSON', '{"user_id":', {}, 400, 'malformed-json'],
    ['an empty body', '', {}, 400, 'malformed-json'],
    ['text that is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), {}, 400, 'malformed-json'],
    ['a body that is not what its encoding says', 'plain', { 'content-encoding': 'gzip' }, 400, 'malformed-body'],
    ['another type', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported-media-type'],
    [
      'another character set',
      '{}',
      { 'content-type': 'application/json; charset=utf-16' },
      415,
      'unsupported-media-type',
    ],
    ['another encoding', '{}', { 'content-encoding': 'zstd' }, 415, 'unsupported-media-type'],
    ['a body over the limit', `"${'x'.repeat(100_000)}"`, {}, 413, 'body-too-large'],
    [
      'a body over the limit once inflated',
      gzipSync(Buffer.alloc(1_000_000)),
      { 'content-encoding': 'gzip' },
      413,
      'body-too-large',
    ],
  ])('%s', async (_, sent, headers, status, code) => {
    const answer = await own.post(sent, headers);

    expect(answer.status).toBe(status);
    expect(answer.body.code).toBe(code);
    expect(answer.headers.get('traceparent')).toContain(answer.body.trace_id);
  });

  it('leaves the other methods to a 405 that says which one is taken', async () => {
    const response = await fetch(own.url, { method: 'PUT', body: '{}' });

    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
  });

  it('does not keep the others waiting: a body that never ends holds up nobody', async () => {
    const stuck = new AbortController();
    const body = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('{')) });
    const never = fetch(own.url, {
      ...{ method: 'POST', body, signal: stuck.signal, duplex: 'half' },
      headers: { 'content-type': 'application/json' },
    }).catch(() => 'cut');

    const { status } = await own.post(run());
    stuck.abort();

    expect(status).toBe(201);
    expect(await never).toBe('cut');
  });
});

describe('an event id given', () => {
  it('is taken as it is, in lower case', async () => {
    const eventId = randomUUID();

    const { body } = await own.post(run({ event_id: eventId.toUpperCase() }));

    expect(body.event_id).toBe(eventId);
  });
});
