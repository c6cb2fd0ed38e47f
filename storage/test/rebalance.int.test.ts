import { setTimeout as pause } from 'node:timers/promises';
import { selectRows } from '@millrace/core/database/run-sql';
import { partitionCounts } from '@millrace/core/stream/partition-counts';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { songSchema, songs } from './songs.ts';
import { acknowledgedLines, countRows, storedLines } from './stored-rows.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

let bed: TestBed;
let table: string;

beforeEach(async () => {
  bed = await openTestBed(inject('stack'), { song: songSchema });
  table = bed.stream('song').table;
});
afterEach(() => bed.close());

const untilRows = (count: number) =>
  waitUntil(
    () => countRows(bed.db, table),
    (rows) => rows >= count,
    { withinMs: 90_000 },
  );

describe('replicas of storage', () => {
  it('share a load, take over from each other, and store each record once', { timeout: 180_000 }, async () => {
    const total = 40_000;
    const first = await bed.startStorage();
    const publishing = bed.publish('song', songs(total));
    await untilRows(1);
    const second = await bed.startStorage();
    await untilRows(total / 4);
    await bed.startStorage();
    await first.kill('SIGTERM');
    await untilRows(total / 2);
    await second.kill('SIGKILL');
    const written = await publishing;

    await untilRows(total);

    expect(await storedLines(bed.db, table)).toEqual(acknowledgedLines(written));
  });

  it('are not disturbed by one that comes back to life after its partitions were taken', {
    timeout: 180_000,
  }, async () => {
    const zombie = await bed.startStorage();
    const before = await bed.publish('song', songs(3_000));
    await untilRows(1);
    await zombie.kill('SIGSTOP');
    await bed.startStorage();
    const after = await bed.publish('song', songs(3_000, 3_000));
    await untilRows(6_000);

    await zombie.kill('SIGCONT');
    await pause(1_000);
    const later = await bed.publish('song', songs(3_000, 6_000));

    await untilRows(9_000);
    expect(await storedLines(bed.db, table)).toEqual(acknowledgedLines([...before, ...after, ...later]));
  });

  it('take up partitions that are added while they run', { timeout: 180_000 }, async () => {
    await bed.startStorage();
    const { topic } = bed.stream('song');
    const before = await bed.publish('song', songs(2_000));
    await bed.admin.addPartitions(topic, 6);
    await waitUntil(
      () => partitionCounts(bed.admin, [topic]),
      (counts) => counts.get(topic) === 6,
    );

    const after = await bed.publish('song', songs(2_000, 2_000), (n) => n % 6);
    await untilRows(4_000);
    const later = await bed.publish('song', songs(600, 4_000), (n) => n % 6);
    await untilRows(4_600);

    const read = await selectRows<{ topic_partition: number; next_offset: number }>(
      bed.db,
      'SELECT topic_partition, next_offset FROM checkpoints WHERE topic_partition > 2 ORDER BY topic_partition',
    );
    const whole = Math.floor(2_000 / 6) + 100;
    expect(read).toEqual([
      { topic_partition: 3, next_offset: whole },
      { topic_partition: 4, next_offset: whole },
      { topic_partition: 5, next_offset: whole },
    ]);
    expect(await storedLines(bed.db, table)).toEqual(acknowledgedLines([...before, ...after, ...later]));
  });
});
