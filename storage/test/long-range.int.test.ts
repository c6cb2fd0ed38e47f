import { changeRows } from '@millrace/core/database/run-sql';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runQuery } from '../query/run-query.ts';
import { songSchema, songs } from './songs.ts';
import { countRows } from './stored-rows.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

const SEED = 1_000;
const DIGITS = 32;
const ROWS = SEED * DIGITS ** 2;
const LF = 10;

let bed: TestBed;
let url: string;

/** A table of the numbers from 0. */
const digits = (name: string) =>
  `(${Array.from({ length: DIGITS }, (_, n) => `SELECT ${n} AS n`).join(' UNION ALL ')}) AS ${name}`;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), { song: songSchema });
  url = (await bed.startStorage()).url;
  const { table } = bed.stream('song');
  await bed.publish('song', songs(SEED));
  await waitUntil(
    () => countRows(bed.db, table),
    (rows) => rows === SEED,
  );
  const own =
    'user_id, artist, song_duration, trace_id, source, ingested_at, stored_at, topic_partition, record_offset';
  await bed.db.raw(`CREATE TABLE platform_seed AS SELECT * FROM \`${table}\``);
  await changeRows(
    bed.db,
    `INSERT INTO \`${table}\` (event_id, timestamp, ${own})
     SELECT STRAIGHT_JOIN UUID(), timestamp + INTERVAL (high.n * ${DIGITS} + low.n) * ${SEED} SECOND, ${own}
       FROM ${digits('high')} JOIN ${digits('low')} JOIN platform_seed WHERE high.n + low.n > 0`,
  );
}, 240_000);
afterAll(() => bed.close());

function countLines(chunk: Uint8Array): number {
  let lines = 0;
  for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) lines += 1;
  return lines;
}

describe('a range of a million rows', () => {
  it.each(['application/x-ndjson', 'text/csv'])('streams whole as %s', { timeout: 300_000 }, async (accept) => {
    const response = await fetch(`${url}/songs`, { headers: { accept } });
    let lines = 0;

    for await (const chunk of response.body ?? []) lines += countLines(chunk);

    expect(lines).toBe(accept === 'text/csv' ? ROWS + 1 : ROWS);
  });

  it('is left when the client goes away', async () => {
    const stop = new AbortController();
    const response = await fetch(`${url}/songs`, { headers: { accept: 'text/csv' }, signal: stop.signal });
    await response.body?.getReader().read();

    stop.abort();

    expect((await fetch(`${url}/songs?limit=1`)).status).toBe(200);
  });
});

describe('a query', () => {
  it('is answered 504 when it takes too long, and the next one is not held up', async () => {
    const holder = await bed.db.transaction();
    await holder.raw(`LOCK TABLES \`${bed.stream('song').table}\` WRITE`);

    const late = await fetch(`${url}/songs?limit=1`);
    await holder.raw('UNLOCK TABLES');
    await holder.rollback();

    expect(late.status).toBe(504);
    expect(await late.json()).toMatchObject({ code: 'query-timeout' });
    expect((await fetch(`${url}/songs?limit=1`)).status).toBe(200);
  });

  it('is stopped on the server when it takes too long', async () => {
    await expect(runQuery(bed.db, 'SELECT SLEEP(30)', 200)).rejects.toMatchObject({ code: 'query-timeout' });
  });
});
