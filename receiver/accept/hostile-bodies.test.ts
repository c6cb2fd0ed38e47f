import { gzipSync } from 'node:zlib';
import { parseAnswer, rawSocket } from '@millrace/testing/raw-socket';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { receiverWithoutKafka } from '../test/receiver-without-kafka.ts';

const schema = {
  type: 'record',
  name: 'Thing',
  stream: { path: '/things', key: 'name' },
  fields: [
    { name: 'name', type: 'string' },
    { name: 'note', type: 'string', default: '' },
    { name: 'size', type: ['null', 'double'], default: null },
    { name: 'tags', type: { type: 'map', values: 'float' }, default: {} },
    {
      name: 'price',
      type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 2 }],
      default: null,
    },
    { name: 'at', type: ['null', { type: 'long', logicalType: 'timestamp-micros' }], default: null },
  ],
};
const wide = {
  type: 'record',
  name: 'Wide',
  stream: { path: '/wide' },
  fields: Array.from({ length: 1_000 }, (_, n) => ({ name: `f${n}`, type: 'int' })),
};
const JSON_TYPE = { 'content-type': 'application/json' };
const LINES = { 'content-type': 'application/x-ndjson' };
const EVENT = { 'content-type': 'application/cloudevents+json' };
const EVENTS = { 'content-type': 'application/cloudevents-batch+json' };
const BINARY = { ...JSON_TYPE, 'ce-specversion': '1.0', 'ce-id': 'a', 'ce-source': '/a', 'ce-type': 'a' };
const kinds = { json: JSON_TYPE, lines: LINES, event: EVENT, events: EVENTS, binary: BINARY };

const event = (data: string) => `{"specversion":"1.0","id":"a","source":"/a","type":"a","data":${data}}`;
const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const keys = (count: number) => `{${Array.from({ length: count }, (_, n) => `"k${n}":1`).join()}}`;

const fault = (reason: string) => ({ pointer: '', message: `${reason}` });
const DEEP = 'is nested more than 200 levels deep';
const MEMBERS = 'has more than 10000 members';

describe('a body that would hold up everyone', () => {
  it.each([
    ['brackets', JSON_TYPE, '{"a":'.repeat(800_000), DEEP],
    ['nested arrays as a field', JSON_TYPE, `{"name":${deep(2_000_000)}}`, DEEP],
    ['unknown keys', JSON_TYPE, keys(400_000), MEMBERS],
    ['unknown keys in binary mode', BINARY, keys(400_000), MEMBERS],
    ['a deep event', EVENT, event(deep(1_000_000)), DEEP],
    ['an event of many attributes', EVENT, keys(400_000), MEMBERS],
    ['escapes', JSON_TYPE, `"${'\\"'.repeat(2_000_000)}"`, 'has more than 1572864 bytes'],
    ['numbers', JSON_TYPE, `{"name":[${'1,'.repeat(900_000)}1]}`, 'has more than 100000 elements'],
    ['an inflated bomb', { ...JSON_TYPE, 'content-encoding': 'gzip' }, gzipSync(keys(400_000)), MEMBERS],
  ])('is refused before it is parsed: %s', async (_, headers, body, reason) => {
    const { post } = await receiverWithoutKafka(schema);

    const answer = await post(body, headers);

    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'invalid-record', errors: [fault(reason)] });
  });

  it.each([
    ['brackets on a line', LINES, '['.repeat(5_000_000), DEEP],
    ['brackets on an inflated line', { ...LINES, 'content-encoding': 'gzip' }, gzipSync('['.repeat(5_000_000)), DEEP],
    ['keys on a line', LINES, keys(400_000), MEMBERS],
    ['a deep record of an array', JSON_TYPE, `[${deep(1_000_000)}]`, DEEP],
    ['a deep event of a batch', EVENTS, `[${event(deep(1_000_000))}]`, DEEP],
    ['keys of a record of an array', JSON_TYPE, `[${keys(400_000)}]`, MEMBERS],
  ])('is refused with a result: %s', async (_, headers, body, reason) => {
    const { post } = await receiverWithoutKafka(schema);

    const answer = await post(body, headers);

    expect(answer.status).toBe(400);
    expect(answer.body.results).toEqual([{ index: 0, status: 400, errors: [fault(reason)] }]);
  });

  it('does not take its neighbours along', async () => {
    const { post, written } = await receiverWithoutKafka(schema);
    const list = ['{"name":"a"}', keys(100_000), '{"name":"b"}'];

    const lines = await post(list.join('\n'), LINES);
    const array = await post(` [${list.join(' , ')}] `);

    for (const { status, body } of [lines, array]) {
      expect(status).toBe(207);
      expect(body.results.map((result: { status: number }) => result.status)).toEqual([201, 400, 201]);
    }
    expect(written().map(({ name }) => name)).toEqual(['a', 'b', 'a', 'b']);
  });

  it('names faults as long as they are few, and then one of each record', async () => {
    const { post } = await receiverWithoutKafka(wide);

    const { status, body } = await post(`[${Array(1_000).fill('{}').join()}]`);

    const counts: number[] = body.results.map(({ errors }: { errors: unknown[] }) => errors.length);
    expect([status, counts.length, Math.min(...counts), Math.max(...counts)]).toEqual([400, 1_000, 1, 100]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThan(11_500);
  });

  it('may be large and still be taken', async () => {
    const { post } = await receiverWithoutKafka(schema);
    const records = Array.from({ length: 5_000 }, (_, n) => ({ name: `${n}`, note: 'ж'.repeat(400), size: n }));

    const { status, body } = await post(`\uFEFF${JSON.stringify(records)}`);

    expect([status, body.accepted]).toEqual([201, 5_000]);
  });
});

describe('a large array that is not JSON', () => {
  const records = Array(50_000).fill('1').join();

  it.each([
    ['has no end', `[${records}`],
    ['ends twice', `[${records}]]`],
    ['ends as an object', `[${records}}`],
    ['has nothing between two commas', `[1,,${records}]`],
    ['has a comma at its end', `[${records},]`.replace(/1,(?=1)/g, '')],
    ['has a record that is not JSON', `[1 2,${records}]`],
    ['continues after its end', `[${records}] 1`],
  ])('is refused as a whole: it %s', async (_, body) => {
    const { post, written } = await receiverWithoutKafka(schema);

    const answer = await post(body.padEnd(200_000));

    expect([answer.status, written()]).toEqual([answer.body.code === 'body-too-large' ? 413 : 400, []]);
    expect(['malformed-json', 'body-too-large']).toContain(answer.body.code);
  });
});

describe('lines', () => {
  it('that are only space are passed over, however long, and do not count', async () => {
    const { post } = await receiverWithoutKafka(schema);

    const { body } = await post(`\uFEFF\n${' '.repeat(100)}\n{"name":"a"}\n\t \r\n{"nome":"b"}\r\n   `, LINES);

    expect(body.results).toMatchObject([
      { index: 0, status: 201 },
      { index: 1, status: 400 },
    ]);
  });
});

describe('any bytes', () => {
  const text = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.json(),
    fc.json().map((json) => `[${json},${json}]`),
  );
  const values = fc.oneof(
    fc.double({ noNaN: true }),
    fc.string({ unit: 'binary' }),
    fc.jsonValue(),
    fc.dictionary(fc.string(), fc.jsonValue()),
  );
  const record = fc.record(
    { name: values, size: values, tags: values, price: values, at: values },
    { requiredKeys: [] },
  );

  it.each(Object.entries(kinds))('as %s get an answer that is no fault of ours', async (_, headers) => {
    const { post, lines } = await receiverWithoutKafka(schema);
    const body = fc.oneof(
      text,
      record.map((value) => JSON.stringify(value)),
      fc.array(record).map((value) => JSON.stringify(value)),
    );

    await fc.assert(
      fc.asyncProperty(body, async (bytes) => {
        const { status } = await post(bytes, headers);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
    expect(lines).toEqual([]);
  });

  it('as headers get an answer that is no fault of ours', async () => {
    const { url, lines } = await receiverWithoutKafka(schema);
    const names = [
      'Content-Type',
      'Idempotency-Key',
      'traceparent',
      'Content-Encoding',
      'ce-id',
      'ce-source',
      'ce-x',
      'Host',
    ];
    const value = fc
      .uint8Array({ maxLength: 40 })
      .map((bytes) => Buffer.from(bytes.map((byte) => Math.max(byte, 0x21))).toString('latin1'));

    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 6 }), async (headers) => {
        const socket = await rawSocket(url);
        const sent = [...headers, ['Connection', 'close'], ['Content-Length', '12']].map(
          ([name, text]) => `${name}: ${text}`,
        );
        socket.send(Buffer.from(`POST /things HTTP/1.1\r\n${sent.join('\r\n')}\r\n\r\n{"name":"a"}`, 'latin1'));
        const { status } = parseAnswer(await socket.received);
        expect(status).toBeGreaterThanOrEqual(200);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
    expect(lines).toEqual([]);
  });
});
