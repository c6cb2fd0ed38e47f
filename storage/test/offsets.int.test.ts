import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { songSchema, songs } from './songs.ts';
import { acknowledgedLines, countRows, storedLines } from './stored-rows.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

const PARTITIONS = [0, 1, 2];

let bed: TestBed;
let table: string;
let topic: string;

beforeEach(async () => {
  bed = await openTestBed(inject('stack'), { song: songSchema });
  ({ table, topic } = bed.stream('song'));
});
afterEach(() => bed.close());

const untilRows = (count: number) =>
  waitUntil(
    () => countRows(bed.db, table),
    (rows) => rows >= count,
    { withinMs: 60_000 },
  );
const commitToKafka = (offset: bigint) =>
  bed.admin.commitOffsets(`${bed.id}-storage`, topic, new Map(PARTITIONS.map((partition) => [partition, offset])));

describe('the offset in MySQL', () => {
  it('is what counts when Kafka delivers everything again', { timeout: 120_000 }, async () => {
    const first = await bed.startStorage();
    const before = await bed.publish('song', songs(2_000));
    await untilRows(2_000);
    await first.kill('SIGTERM');
    await commitToKafka(0n);

    await bed.startStorage();
    const after = await bed.publish('song', songs(10, 2_000));

    await untilRows(2_010);
    expect(await storedLines(bed.db, table)).toEqual(acknowledgedLines([...before, ...after]));
  });

  it('is what counts when Kafka has committed more than was stored', { timeout: 120_000 }, async () => {
    const written = await bed.publish('song', songs(2_000));
    await commitToKafka(600n);

    await bed.startStorage();

    await untilRows(2_000);
    expect(await storedLines(bed.db, table)).toEqual(acknowledgedLines(written));
  });

  it('moves with its rows or not at all while another transaction holds it', { timeout: 120_000 }, async () => {
    await bed.startStorage();
    const before = await bed.publish('song', songs(100));
    await untilRows(100);
    const holder = await bed.db.transaction();
    await holder.raw('SELECT * FROM checkpoints FOR UPDATE');
    await holder.raw(`SELECT * FROM \`${table}\` FOR UPDATE`);

    const after = await bed.publish('song', songs(100, 100));
    const seen = await countRows(bed.db, table);
    await holder.commit();

    expect(seen).toBe(100);
    await untilRows(200);
    expect(await storedLines(bed.db, table)).toEqual(acknowledgedLines([...before, ...after]));
  });

  it('passes over records that were removed before they were stored, and says how many', {
    timeout: 120_000,
  }, async () => {
    const first = await bed.startStorage();
    const before = await bed.publish('song', songs(300), (n) => n % 3);
    await untilRows(300);
    await first.kill('SIGTERM');
    const after = await bed.publish('song', songs(600, 300), (n) => n % 3);
    const lowOffset = 200n;
    await bed.admin.deleteRecords(topic, new Map(PARTITIONS.map((partition) => [partition, lowOffset])));
    const left = after.filter(({ offset }) => offset >= lowOffset);

    const second = await bed.startStorage();
    await untilRows(300 + left.length);
    const later = await bed.publish('song', songs(10, 900));
    await untilRows(310 + left.length);

    expect(await storedLines(bed.db, table)).toEqual(acknowledgedLines([...before, ...left, ...later]));
    const metrics = await (await fetch(`${second.url}/metrics`)).text();
    expect(Number(/millrace_storage_offsets_missed_total\{.*\} (\d+)/.exec(metrics)?.[1])).toBe(600 - left.length);
    expect(second.lines.some(({ msg }) => msg === 'records were removed before they were read')).toBe(true);
  });

  it.each([
    ['shorter than it was', 50],
    ['longer than it was', 3_000],
  ])('starts over when the topic was recreated and is %s', { timeout: 120_000 }, async (_, count) => {
    const first = await bed.startStorage();
    await bed.publish('song', songs(1_000));
    await untilRows(1_000);
    await first.kill('SIGTERM');
    await bed.admin.deleteTopics([topic]);
    await waitUntil(
      () => bed.admin.listTopics(),
      (topics) => !topics.includes(topic),
    );
    await ensureTopics(bed.admin, [bed.stream('song')], 1);
    const written = await bed.publish('song', songs(count, 1_000));

    const second = await bed.startStorage();

    await untilRows(1_000 + count);
    expect(await storedLines(bed.db, table)).toEqual(expect.arrayContaining(acknowledgedLines(written)));
    const metrics = await (await fetch(`${second.url}/metrics`)).text();
    expect(metrics).toMatch(/millrace_storage_topics_replaced_total\{.*\} [1-3]/);
  });
});
