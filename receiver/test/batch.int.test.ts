import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { topicOffsets } from '@millrace/core/stream/topic-offsets';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type OwnReceiver, ownReceiver, run, runningSchema } from './own-receiver.ts';

const ndjson = { 'content-type': 'application/x-ndjson' };
const lines = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');

let own: OwnReceiver;

beforeAll(async () => {
  own = await ownReceiver(inject('stack'), await runningSchema());
});
afterAll(() => own.close());

describe.each([
  ['a JSON array', {}, (records: readonly unknown[]) => JSON.stringify(records)],
  ['NDJSON', ndjson, lines],
])('a batch as %s', (_, headers, format) => {
  it('is answered 201 with the place of each record, in their order', async () => {
    const records = Array.from({ length: 20 }, (_, n) => run({ duration: n }));

    const { status, body } = await own.post(format(records), headers);
    const held = await own.read();

    expect(status).toBe(201);
    expect(body).toMatchObject({ accepted: 20, rejected: 0, topic: own.stream.topic });
    for (const [index, result] of body.results.entries()) {
      const found = held.find(({ value }) => value.event_id === result.event_id);
      expect(result).toMatchObject({ index, status: 201, partition: found?.partition, offset: Number(found?.offset) });
      expect(found?.value).toMatchObject({ user_id: records[index]?.user_id, duration: index });
    }
  });

  it('is answered 207 when some are refused, and the others are written', async () => {
    const { status, body } = await own.post(format([run(), run({ distance: -1 }), { mood: 1 }, run()]), headers);

    expect(status).toBe(207);
    expect(body).toMatchObject({ accepted: 2, rejected: 2 });
    expect(body.results.map((result) => result.status)).toEqual([201, 400, 400, 201]);
    expect(body.results[1]?.errors).toEqual([{ pointer: '/distance', message: 'must be >= 0' }]);
    expect(body.results[2]?.errors.map(({ pointer }) => pointer)).toEqual([
      ...['/user_id', '/duration', '/distance', '/timestamp', '/mood'],
    ]);
  });

  it('is answered 400 when all are refused', async () => {
    const { status, headers: answered, body } = await own.post(format([1, {}]), headers);

    expect(status).toBe(400);
    expect(answered.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({ code: 'invalid-record', accepted: 0, rejected: 2 });
    expect(body.results.map(({ index }) => index)).toEqual([0, 1]);
  });

  it('is answered 400 when it is empty', async () => {
    const { status, body } = await own.post(format([]), headers);

    expect(status).toBe(400);
    expect(body.errors).toEqual([{ pointer: '', message: 'must hold at least one record' }]);
  });

  it('may hold 5,000 records of one key', async () => {
    const record = run();

    const { status, body } = await own.post(format(Array(5_000).fill(record)), headers);

    expect(status).toBe(201);
    expect(new Set(body.results.map(({ partition }) => partition)).size).toBe(1);
    expect(new Set(body.results.map(({ offset }) => offset)).size).toBe(5_000);
  });

  it('is answered 413 when it holds more, and nothing is written', async () => {
    const before = await ends();

    const { status, body } = await own.post(format(Array(5_001).fill(run())), headers);

    expect(status).toBe(413);
    expect(body.code).toBe('body-too-large');
    expect(await ends()).toEqual(before);
  });

  it('is answered 413 when it has more than 5 MB', async () => {
    const { status } = await own.post(format(Array(600).fill(run({ mood: 'x'.repeat(10_000) }))), headers);

    expect(status).toBe(413);
  });
});

describe('NDJSON', () => {
  it('passes blank lines over, and a line that is not JSON is the fault of that line alone', async () => {
    const body = `\n${JSON.stringify(run())}\r\n\n{"user_id"\n${JSON.stringify(run())}`;

    const answer = await own.post(body, ndjson);

    expect(answer.body.results.map(({ status }) => status)).toEqual([201, 400, 201]);
    expect(answer.body.results[1]?.errors[0]?.message).toContain('not JSON');
  });

  it('is put together from pieces cut anywhere', async () => {
    const bytes = Buffer.from(lines([run(), run(), run()]));

    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(own.url, { method: 'POST', headers: ndjson }, ({ statusCode }) => resolve(statusCode));
      sent.on('error', reject);
      for (let start = 0; start < bytes.length; start += 7) sent.write(bytes.subarray(start, start + 7));
      sent.end();
    });

    expect(status).toBe(201);
  });

  it('may come compressed, and is limited once inflated', async () => {
    const small = await own.post(gzipSync(lines([run(), run()])), { ...ndjson, 'content-encoding': 'gzip' });
    const bomb = await own.post(gzipSync(Buffer.alloc(50_000_000)), { ...ndjson, 'content-encoding': 'gzip' });
    const broken = await own.post('not gzip', { ...ndjson, 'content-encoding': 'gzip' });

    expect(small.body.accepted).toBe(2);
    expect(bomb.status).toBe(413);
    expect(broken.body.code).toBe('malformed-body');
  });

  it('of a client that goes away in the middle leaves nothing behind', async () => {
    const before = await ends();

    await new Promise<void>((resolve) => {
      const sent = request(own.url, { method: 'POST', headers: ndjson });
      sent.on('error', () => resolve());
      sent.write(lines([run(), run()]), () => sent.destroy(new Error('gone')));
    });
    const { status } = await own.post(run());

    expect(status).toBe(201);
    expect(total(await ends())).toBe(total(before) + 1);
  });
});

const ends = () => topicOffsets(own.world.admin, own.stream.topic);
const total = (all: readonly { logEndOffset: bigint }[]) =>
  all.reduce((sum, { logEndOffset }) => sum + Number(logEndOffset), 0);
