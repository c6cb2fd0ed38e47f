import { changeRows } from '@millrace/core/database/run-sql';
import { waitUntil } from '@millrace/core/harness/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runQuery } from '../query/run-query.ts';
import { songSchema, songs } from './songs.ts';
import { countRows } from './stored-rows.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

const DOUBLINGS = 7;
const SEED = 1_000;
const ROWS = SEED * 2 ** DOUBLINGS;

let bed: TestBed;
let url: string;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), { song: songSchema });
  url = (await bed.startStorage()).url;
  const { table } = bed.stream('song');
  await bed.publish('song', songs(SEED));
  await waitUntil(
    () => countRows(bed.db, table),
    (rows) => rows === SEED,
  );
  const columns =
    'user_id, artist, song_duration, trace_id, source, ingested_at, stored_at, topic_partition, record_offset';
  for (let n = 0; n < DOUBLINGS; n += 1)
    await changeRows(
      bed.db,
      `INSERT INTO \`${table}\` (event_id, timestamp, ${columns})
       SELECT UUID(), timestamp + INTERVAL ${2 ** n} DAY, ${columns} FROM \`${table}\``,
    );
}, 120_000);
afterAll(() => bed.close());

const residentMegabytes = async () => {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes\{.*\} (\S+)$/m.exec(metrics)?.[1]) / 2 ** 20;
};

describe('a long range', () => {
  it.each(['application/x-ndjson', 'text/csv'])(
    'streams whole as %s with flat memory',
    { timeout: 180_000 },
    async (accept) => {
      const response = await fetch(`${url}/songs`, { headers: { accept } });
      let lines = 0;
      let chunks = 0;
      let early = 0;
      let most = 0;

      for await (const chunk of response.body ?? []) {
        for (const byte of chunk) if (byte === 10) lines += 1;
        chunks += 1;
        if (chunks % 50 === 0) {
          const now = await residentMegabytes();
          if (lines < ROWS / 4) early = Math.max(early, now);
          most = Math.max(most, now);
        }
      }

      expect(lines).toBe(accept === 'text/csv' ? ROWS + 1 : ROWS);
      expect(most - early).toBeLessThan(80);
    },
  );

  it('is left when the client goes away', async () => {
    const stop = new AbortController();
    const response = await fetch(`${url}/songs`, { headers: { accept: 'text/csv' }, signal: stop.signal });
    await response.body?.getReader().read();

    stop.abort();

    expect((await fetch(`${url}/songs?limit=1`)).status).toBe(200);
  });
});

describe('a query', () => {
  it('is stopped on the server when it takes too long', async () => {
    const started = Date.now();

    await expect(runQuery(bed.db, 'SELECT SLEEP(30)', 200)).rejects.toMatchObject({ code: 'query-timeout' });

    expect(Date.now() - started).toBeLessThan(10_000);
  });
});
