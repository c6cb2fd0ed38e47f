import { selectRows } from '@millrace/core/database/run-sql';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { song, songSchema } from './songs.ts';
import { acknowledgedLines, countRows, storedLines } from './stored-rows.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

type Json = Record<string, unknown>;

let bed: TestBed;
let storage: RunningService;
let table: string;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), { song: songSchema });
  table = bed.stream('song').table;
  storage = await bed.startStorage();
  await bed.db.raw(`ALTER TABLE \`${table}\` MODIFY artist VARCHAR(8)`);
});
afterAll(() => bed.close());

async function listed(query: string): Promise<Json[]> {
  const body: unknown = await (await fetch(`${storage.url}/dead-letters${query}`)).json();
  return Array.isArray(body) ? body : [];
}
async function redrive(body: Json): Promise<Json> {
  const response = await fetch(`${storage.url}/dead-letters/redrive`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { http: response.status, ...(await jsonOf(response)) };
}
async function jsonOf(response: Response): Promise<Json> {
  const body: unknown = await response.json();
  return typeof body === 'object' ? { ...body } : {};
}
const finished = (id: unknown) =>
  waitUntil(
    async () => jsonOf(await fetch(`${storage.url}/dead-letters/redrives/${id}`)),
    ({ status }) => status !== 'running',
  );

describe('dead letters', () => {
  const long = Array.from({ length: 25 }, (_, n) => song(n, { artist: `Orchestra ${n}` }));

  it('are listed by filter, newest first, page by page', async () => {
    await bed.publish('song', long);
    await bed.publishRaw('song', [{ partition: 0, key: Buffer.from('k'), value: Buffer.from('not avro') }]);
    await waitUntil(
      () => listed('?limit=100'),
      (rows) => rows.length === 26,
    );

    const stream = bed.stream('song').name;
    expect(await listed(`?stream=${stream}&stage=decode`)).toEqual([
      expect.objectContaining({
        code: 'undecodable',
        key: Buffer.from('k').toString('base64'),
        attempts: 1,
        redriven_at: null,
      }),
    ]);
    expect(await listed('?code=refused')).toHaveLength(25);
    expect(await listed(`?event_id=${long[3]?.event_id}`)).toHaveLength(1);
    expect(await listed('?redriven=true')).toEqual([]);
    const [newest] = await listed('?limit=1');
    expect(await listed(`?topic=${stream}&stage=${newest?.stage}&id=${newest?.id}`)).toEqual([newest]);
    const setAsideAt = String(newest?.set_aside_at);
    const since = await listed(`?start_timestamp=${setAsideAt}&limit=100`);
    const until = await listed(`?end_timestamp=${setAsideAt}&limit=100`);
    expect(since).toContainEqual(newest);
    expect(since.length + until.length).toBe(26);
    const upwards = await listed('?order=asc&limit=100');
    expect(upwards).toEqual((await listed('?order=desc&limit=100')).reverse());
    const first = await fetch(`${storage.url}/dead-letters?limit=20`);
    const next = /<([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1]?.replace('/dead-letters', '') ?? '';
    expect(await listed(next)).toHaveLength(6);
    expect((await fetch(`${storage.url}/dead-letters?stage=none&since=now`)).status).toBe(400);
  });

  it('show their value one by one', async () => {
    const [letter] = await listed('?stage=decode');

    const found = await jsonOf(await fetch(`${storage.url}/dead-letters/${letter?.id}`));

    expect(Buffer.from(String(found.value), 'base64').toString()).toBe('not avro');
    expect((await fetch(`${storage.url}/dead-letters/unknown`)).status).toBe(404);
  });

  it('say with a dry run what a redrive would send, and refuse what is no redrive', async () => {
    expect(await redrive({ filter: { code: 'refused' }, dry_run: true })).toEqual({
      http: 200,
      dry_run: true,
      matched: 25,
      exhausted: 0,
    });
    expect(await redrive({ filter: { colour: 'red' }, max_attempts: 0 })).toMatchObject({
      http: 400,
      errors: expect.arrayContaining([expect.objectContaining({ pointer: '/max_attempts' })]),
    });
  });

  it('come back with another attempt counted when they fail again, and stop at the limit', async () => {
    const started = await redrive({ filter: { event_id: long[0]?.event_id } });
    expect(started).toMatchObject({ http: 202, matched: 1 });
    expect(await finished(started.redrive_id)).toMatchObject({ status: 'done', sent: 1 });

    const again = await waitUntil(
      () => listed(`?event_id=${long[0]?.event_id}&redriven=false`),
      (rows) => rows.length === 1 && rows[0]?.attempts === 2,
    );
    expect(again).toHaveLength(1);
    expect(await redrive({ filter: { event_id: long[0]?.event_id }, max_attempts: 2, dry_run: true })).toMatchObject({
      matched: 1,
      exhausted: 1,
    });
  });

  it('are stored under their own ids once what was wrong is mended', async () => {
    await bed.db.raw(`ALTER TABLE \`${table}\` MODIFY artist VARCHAR(40)`);

    const { redrive_id: id } = await redrive({ filter: { code: 'refused' } });

    expect(await finished(id)).toMatchObject({ status: 'done', sent: 25, exhausted: 0 });
    await waitUntil(
      () => countRows(bed.db, table),
      (rows) => rows === 25,
    );
    const stored = await selectRows<{ event_id: string }>(bed.db, `SELECT event_id FROM \`${table}\``);
    expect(stored.map(({ event_id }) => event_id).sort()).toEqual(long.map(({ event_id }) => event_id).sort());
    expect(await listed('?code=refused&redriven=false')).toEqual([]);
    const written = await bed.publish('song', [song(100)]);
    await waitUntil(
      () => storedLines(bed.db, table),
      (lines) => lines.includes(acknowledgedLines(written)[0] ?? ''),
    );
  });
});
