import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { songSchema, songs } from './songs.ts';
import { acknowledgedLines, countRows, storedLines } from './stored-rows.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

const REPLICAS = 3;

let bed: TestBed;
let supervisor: RunningService;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), { song: songSchema });
  supervisor = await bed.startStorage('replicas', '--replicas', String(REPLICAS));
});
afterAll(() => bed.close());

const urls = () =>
  supervisor.lines.flatMap(({ msg, url }) => (msg === 'listening' && typeof url === 'string' ? [url] : []));

/** The lag of each partition that a replica reads. */
async function lagAt(url: string): Promise<[partition: string, lag: number][]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lags = text.matchAll(/^millrace_storage_lag_records\{.*partition="(\d+)".*\} (\d+)$/gm);
  return [...lags].map(([, partition = '', lag]) => [partition, Number(lag)]);
}

describe('npm run storage -- --replicas 3', () => {
  it('runs three that share the partitions, each telling the lag of its own', async () => {
    await waitUntil(
      async () => urls(),
      (found) => found.length === REPLICAS,
    );
    const written = await bed.publish('song', songs(600), (n) => n % 3);
    await waitUntil(
      () => countRows(bed.db, bed.stream('song').table),
      (rows) => rows === written.length,
    );

    const lags = await waitUntil(
      () => Promise.all(urls().map(lagAt)),
      (each) => each.every((own) => own.length === 1 && own.every(([, lag]) => lag === 0)),
    );

    const partitions = lags.flatMap((own) => own.map(([partition]) => partition));
    expect(partitions.sort()).toEqual(['0', '1', '2']);
    expect(await storedLines(bed.db, bed.stream('song').table)).toEqual(acknowledgedLines(written));
  });

  it('ends them all together', async () => {
    const all = urls();

    await supervisor.kill('SIGTERM');

    expect(await supervisor.ended).toBe(0);
    const answers = await Promise.allSettled(all.map((url) => fetch(`${url}/healthz`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(REPLICAS).fill('rejected'));
  });
});
