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

describe('storage', () => {
  it('holds what Kafka acknowledged, each record once, after kill -9 at any instant of a load', async () => {
    const total = 60_000;
    let storage = await bed.startStorage();
    const publishing = bed.publish('song', songs(total));

    for (let kills = 1; kills <= 2; kills += 1) {
      await waitUntil(
        () => countRows(bed.db, table),
        (rows) => rows >= (total * kills) / 4,
      );
      await storage.kill('SIGKILL');
      storage = await bed.startStorage();
    }
    const written = await publishing;

    await waitUntil(
      () => countRows(bed.db, table),
      (rows) => rows >= total,
    );
    expect(await storedLines(bed.db, table)).toEqual(acknowledgedLines(written));
  });
});
