import { randomUUID } from 'node:crypto';
import { selectRows } from '@millrace/core/database/run-sql';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import { avscType } from '@millrace/core/schema/avsc-type';
import { type ConsumedRecord, consume } from '@millrace/core/stream/consume';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { song, songSchema, songs } from './songs.ts';
import { acknowledgedLines, countRows, storedLines } from './stored-rows.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

type DeadLetter = { code: string; stage: string; reason: string; event_id: string | null; attempts: number };

let bed: TestBed;
let table: string;
let encode: (value: Record<string, unknown>) => Buffer;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), { song: songSchema });
  table = bed.stream('song').table;
  const { avro } = bed.stream('song');
  encode = createEncoder(avscType(avro), await bed.registry.register(bed.stream('song')));
  await bed.startStorage();
});
afterAll(() => bed.close());

const deadLetters = () =>
  selectRows<DeadLetter>(
    bed.db,
    'SELECT code, stage, reason, event_id, attempts FROM dead_letters ORDER BY topic_partition, record_offset',
  );

const refusals = async () => (await deadLetters()).filter(({ code }) => code === 'refused');

async function readDeadLetterTopic(count: number): Promise<ConsumedRecord[]> {
  const records: ConsumedRecord[] = [];
  const { promise: finished, resolve: finish } = withResolvers();
  const consumption = await consume({
    kafka: bed.kafka,
    admin: bed.admin,
    groupId: randomUUID(),
    topics: [bed.stream('song').deadLetterTopic],
    log: bed.log,
    commitHints: false,
    checkpoint: async () => undefined,
    onBatch: async (batch) => {
      records.push(...batch.records);
      if (records.length >= count) finish();
    },
  });
  await Promise.race([finished, consumption.done]);
  await consumption.close();
  return records;
}

describe('a record that can never be stored', () => {
  it('becomes a dead letter, whole and with its reason, and its neighbours are stored', async () => {
    const key = Buffer.from('a key');
    const first = song(0);
    const unknownId = encode(song(1));
    unknownId.writeUInt32BE(2_000_000_000, 1);
    const values = [
      encode(first),
      Buffer.from('{"not": "avro"}'),
      unknownId,
      encode(song(2)).subarray(0, 20),
      null,
      encode(song(3, { artist: 'x'.repeat(41) })),
      encode(song(4, { user_id: 'not a uuid' })),
      encode(song(5, { timestamp: 300_000_000_000_000 })),
      encode({ ...first, artist: 'Somebody else' }),
      encode({ ...first, trace_id: 'f'.repeat(32), ingested_at: first.ingested_at + 9_000 }),
      encode(song(6)),
    ].map((value) => ({ partition: 0, key, value: value && Buffer.from(value) }));

    await bed.publishRaw('song', values);
    const found = await waitUntil(deadLetters, (rows) => rows.length >= 8);

    expect(found.map(({ code, stage }) => `${stage}: ${code}`)).toEqual([
      'decode: undecodable',
      'decode: undecodable',
      'decode: undecodable',
      'decode: undecodable',
      'table: does-not-fit',
      'table: does-not-fit',
      'table: does-not-fit',
      'conflict: idempotency-conflict',
    ]);
    expect(await countRows(bed.db, table)).toBe(2);
    const topic = await readDeadLetterTopic(8);
    const poison = values.filter((_, index) => ![0, 9, 10].includes(index));
    expect(topic.map(({ value }) => value)).toEqual(poison.map(({ value }) => value));
    expect(topic.every((each) => each.key?.equals(key))).toBe(true);
    expect(String(topic[0]?.headers['dead-letter-offset'])).toBe('1');
    expect(String(topic[7]?.headers['dead-letter-code'])).toBe('idempotency-conflict');
  });

  it('is whole in the topic however large it is, and in the table alone where the topic does not take it', async () => {
    const { topic } = bed.stream('song');
    await bed.admin.setTopicConfig(topic, {
      'max.message.bytes': '6000000',
      'message.timestamp.type': 'LogAppendTime',
    });
    const large = Buffer.alloc(1_000_000, 'not Avro ');
    const larger = Buffer.alloc(5_000_000, 'not Avro ');
    const before = (await deadLetters()).length;

    await bed.publishRaw(
      'song',
      [large, larger].map((value) => ({ partition: 0, key: null, value })),
    );
    await waitUntil(deadLetters, (rows) => rows.length >= before + 2);

    const topicRecords = (await readDeadLetterTopic(before + 2)).slice(before);
    expect(topicRecords.map(({ value }) => value?.equals(large) ?? null)).toEqual([true, null]);
    expect(String(topicRecords[1]?.headers['dead-letter-value'])).toContain('dead_letters');
    const stored = await selectRows<{ record_value: Buffer }>(
      bed.db,
      'SELECT record_value FROM dead_letters WHERE LENGTH(record_value) > 800000 ORDER BY record_offset',
    );
    expect(stored.map(({ record_value }) => record_value.length)).toEqual([large.length, larger.length]);
  });

  it('is found by halving when only the database can tell', async () => {
    await bed.db.raw(`ALTER TABLE \`${table}\` MODIFY song_duration FLOAT`);
    const before = await countRows(bed.db, table);
    const values = songs(1_000, 10).map((value, n) => (n % 100 === 7 ? { ...value, song_duration: 1e39 } : value));

    const written = await bed.publish('song', values);
    await waitUntil(
      () => countRows(bed.db, table),
      (rows) => rows >= before + 990,
    );

    const refused = written.filter(({ value }) => Number(value.song_duration) >= 1e39);
    const found = await waitUntil(refusals, (rows) => rows.length >= 10);
    expect(found.map(({ event_id }) => event_id).sort()).toEqual(refused.map(({ value }) => value.event_id).sort());
    const stored = written.filter((each) => !refused.includes(each));
    expect(await storedLines(bed.db, table)).toEqual(expect.arrayContaining(acknowledgedLines(stored)));
  });
});
