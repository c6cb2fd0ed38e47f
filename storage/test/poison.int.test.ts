import { selectRows } from '@millrace/core/database/run-sql';
import { avscType } from '@millrace/core/schema/avsc-type';
import type { Acknowledged } from '@millrace/core/stream/create-producer';
import { topicOffsets } from '@millrace/core/stream/topic-offsets';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { song, songSchema } from './songs.ts';
import { storedLines } from './stored-rows.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

const RECORDS = 100_000;
const PARTITIONS = 3;
const isPoison = (n: number) => n % 10 === 3;

let bed: TestBed;

beforeEach(async () => {
  const dirty = { ...songSchema, name: 'Dirty', stream: { ...songSchema.stream, path: '/dirty' } };
  bed = await openTestBed(inject('stack'), { dirty });
});
afterEach(() => bed.close());

type Written = Acknowledged & { readonly n: number; readonly event_id: string };

/** Writes the records before anything reads them; each tenth one is poison when asked for. */
async function publish(file: string, withPoison: boolean): Promise<Written[]> {
  const stream = bed.stream(file);
  const encode = createEncoder(avscType(stream.avro), await bed.registry.register(stream));
  const values = Array.from({ length: RECORDS }, (_, n) => song(n));
  const records = values.map((value, n) => ({
    partition: n % PARTITIONS,
    key: Buffer.from(value.user_id),
    value: withPoison && isPoison(n) ? poison(n, value) : encode(value),
  }));
  const written = await bed.publishRaw(file, records);
  return written.map((each, n) => ({ ...each, n, event_id: values[n]?.event_id ?? '' }));

  function poison(n: number, value: ReturnType<typeof song>): Buffer {
    const kinds = [
      () => Buffer.from('{"not": "avro"}'),
      () => encode(value).subarray(0, 30),
      () => encode({ ...value, artist: 'x'.repeat(41) }),
      () => encode({ ...value, user_id: 'nobody' }),
    ];
    return kinds[Math.floor(n / 10) % kinds.length]?.() ?? Buffer.alloc(0);
  }
}

/** Lets a storage read all that was written. */
async function store(file: string): Promise<void> {
  const { topic } = bed.stream(file);
  const storage = await bed.startStorage();
  await waitUntil(
    async () => {
      const [row] = await selectRows<{ done: number | string | null }>(
        bed.db,
        'SELECT SUM(next_offset) AS done FROM checkpoints WHERE topic = ?',
        [topic],
      );
      return Number(row?.done);
    },
    (records) => records === RECORDS,
    { withinMs: 90_000 },
  );
  await storage.kill('SIGTERM');
}

const lines = (written: readonly Written[]) =>
  written.map(({ partition, offset, event_id }) => `${event_id} ${partition} ${offset}`).sort();

describe('10 % of poison, spread evenly', () => {
  it('is found before the database is asked, each a dead letter once; its neighbours are stored', {
    timeout: 240_000,
  }, async () => {
    const dirty = await publish('dirty', true);
    await store('dirty');

    expect(await storedLines(bed.db, bed.stream('dirty').table)).toEqual(lines(dirty.filter(({ n }) => !isPoison(n))));
    const found = await selectRows<{ topic_partition: number; record_offset: number; stage: string }>(
      bed.db,
      'SELECT topic_partition, record_offset, stage FROM dead_letters',
    );
    const coordinates = found.map(({ topic_partition, record_offset }) => `${topic_partition}/${record_offset}`);
    const poison = dirty.filter(({ n }) => isPoison(n));
    expect(coordinates.sort()).toEqual(poison.map(({ partition, offset }) => `${partition}/${offset}`).sort());
    expect([...new Set(found.map(({ stage }) => stage))].sort()).toEqual(['decode', 'table']);
    const [deadLetters] = await topicOffsets(bed.admin, bed.stream('dirty').deadLetterTopic);
    expect(deadLetters?.logEndOffset).toBeGreaterThanOrEqual(BigInt(poison.length));
  });
});
