import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@millrace/core/log/create-log';
import { avscType } from '@millrace/core/schema/avsc-type';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { createProducer, type Producer } from '@millrace/core/stream/create-producer';
import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { createEncoder, type Encode } from '@millrace/core/stream/wire-format';
import { createTestNames } from '@millrace/testing/test-names';
import { v4 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { type TailOptions, tailStream } from '../tail/tail-stream.ts';

const { kafkaBrokers, registryUrl } = inject('stack');
const log = createLog({ name: 'test', level: 'silent' });
const kafka = connectKafka({ brokers: kafkaBrokers.split(','), clientId: 'test', log });
const { prefix: stream } = createTestNames();

let schemasDir: string;
let producer: Producer;
let encode: Encode;

const schema = {
  type: 'record',
  name: 'Laps',
  stream: { key: 'runner', time: 'at' },
  fields: [
    { name: 'runner', type: 'string' },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
  ],
};

beforeAll(async () => {
  schemasDir = await mkdtemp(join(tmpdir(), 'millrace-tail-'));
  await writeFile(join(schemasDir, `${stream}.avsc`), JSON.stringify(schema));
  const [loaded] = await loadStreams(schemasDir);
  if (!loaded) throw new Error('the schema was not loaded');
  const admin = await kafka.openAdmin();
  await ensureTopics(admin, [loaded], 1);
  await admin.close();
  const schemaId = await openRegistry(registryUrl).register(loaded);
  encode = createEncoder(avscType(loaded.avro), schemaId);
  producer = await createProducer(kafka, { deadlineMs: 5_000, maxInFlightRecords: 1_000, maxInFlightBytes: 1e7 });
});

afterAll(async () => {
  await producer.close();
  await rm(schemasDir, { recursive: true });
});

function produceLap(runner: string, at: number, partition: number) {
  const metadata = { event_id: uuid(), trace_id: '0'.repeat(32), source: 'test', ingested_at: at };
  const value = encode({ runner, at, ...metadata });
  return producer.produce(stream, [{ partition, key: Buffer.from(runner), value }]);
}

/** What is printed until it ends by itself, parsed. */
async function tailed(options: Partial<TailOptions>) {
  const lines: string[] = [];
  await tailStream({
    ...{ stream, schemasDir, kafkaBrokers, registryUrl, from: 'start', follow: false },
    limit: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
    print: (line) => lines.push(line),
    ...options,
  });
  return lines.map((line): unknown => JSON.parse(line));
}

describe('tailStream', () => {
  it('prints what the topic holds, decoded, and ends', async () => {
    const at = Date.UTC(2026, 2, 14, 7, 30);
    await produceLap('ann', at, 0);
    await produceLap('bob', at, 2);

    const records = await tailed({});

    expect(records).toHaveLength(2);
    expect(records).toContainEqual({
      partition: 2,
      offset: 0,
      appended_at: expect.stringMatching(/^\d{4}-.*Z$/),
      key: 'bob',
      value: expect.objectContaining({ runner: 'bob', at: '2026-03-14T07:30:00.000Z', source: 'test' }),
    });
  });

  it('starts where the log was at a time, and ends after the given number', async () => {
    const since = Date.now();
    await produceLap('cleo', since, 1);
    await produceLap('dan', since, 1);

    const records = await tailed({ from: { appendTime: since }, limit: 1 });

    expect(records).toEqual([expect.objectContaining({ partition: 1, offset: 0, key: 'cleo' })]);
  });

  it('has nothing to print from the end', async () => {
    expect(await tailed({ from: 'end' })).toEqual([]);
  });

  it('follows what arrives, and shows the bytes of what is not Avro', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const following = tailed({
      from: 'start',
      follow: true,
      signal: stop.signal,
      print: (line) => seen.push(line),
    });
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0), 20_000);

    await producer.produce(stream, [{ partition: 0, key: null, value: Buffer.from('not Avro') }]);
    await vi.waitFor(() => expect(seen.at(-1)).toContain('fault'), 20_000);
    stop.abort();
    await following;

    const last: unknown = JSON.parse(seen.at(-1) ?? '');
    expect(last).toMatchObject({ key: null, value: null, bytes: Buffer.from('not Avro').toString('base64') });
  });

  it('names the streams there are when asked for another', async () => {
    await expect(tailed({ stream: 'nope' })).rejects.toThrow(`There is no stream nope. There are: ${stream}.`);
  });
});
