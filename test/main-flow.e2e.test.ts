import { type Database, openDatabase } from '@millrace/core/database/open-database';
import { serviceNames } from '@millrace/core/services/services';
import { simulatorNames } from '@millrace/core/services/simulators';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getJson } from './get-json.ts';
import { type OwnPlatform, startOwnPlatform } from './own-platform.ts';
import { postAll } from './post-all.ts';
import { type Run, runs } from './random-run.ts';
import { type DefaultPorts, watchDefaultPorts } from './watch-default-ports.ts';

type Stats = {
  num_running_stats: number;
  streams: { running: { count: number; distance: { sum: number } } };
  lag: number;
};
type Indexed = Run & { position: { index: number; partition: number; offset: number; appended_at: string } };

let elsewhere: DefaultPorts;
let platform: OwnPlatform;
let database: Database & { close(): Promise<void> };
/** Every run posted so far, which the platform must hold, each once. */
const posted: Run[] = [];

beforeAll(async () => {
  elsewhere = await watchDefaultPorts();
  platform = await startOwnPlatform();
  database = openDatabase(platform.databaseUrl);
});

afterAll(async () => {
  await database?.close();
  await platform?.close();
  elsewhere?.close();
});

const count = async () => Number((await database('running').count({ n: '*' }))[0]?.n);
const stats = () => getJson<Stats>(`${platform.urls.analyzer}/stats`);
const inStorage = () => waitUntil(count, (n) => n >= posted.length, { withinMs: 120_000 });
const inAnalyzer = () =>
  waitUntil(
    () => stats().catch(() => undefined),
    (answer) => (answer?.num_running_stats ?? 0) >= posted.length,
    {
      withinMs: 120_000,
    },
  );

/** Rows compared one by one with what was posted: none missing, none twice, none changed. */
async function expectEveryRunOnce() {
  const rows: { event_id: string; distance: number }[] = await database('running').select('event_id', 'distance');
  const expected = new Map(posted.map((run) => [run.event_id, run.distance]));

  expect(rows).toHaveLength(posted.length);
  expect(rows.filter(({ event_id, distance }) => expected.get(event_id) !== distance)).toEqual([]);
  expect(new Set(rows.map(({ event_id }) => event_id)).size).toBe(posted.length);
}

describe('the platform that make up starts', () => {
  it('gives back a posted run by time, by id and by index, and counts it', async () => {
    const [run] = runs(1);
    const [answer] = await postAll(`${platform.urls.receiver}/stats/running`, [run ?? {}]);
    posted.push(...(run ? [run] : []));
    await Promise.all([inStorage(), inAnalyzer()]);

    const day = await getJson(`${platform.urls.storage}/stats/running?start_timestamp=${run?.timestamp}`);
    const one = await getJson(`${platform.urls.storage}/stats/running/${run?.event_id}`);
    const first = await getJson<Indexed>(`${platform.urls.analyzer}/running?index=0`);

    expect(day).toEqual([expect.objectContaining(run ?? {})]);
    expect(one).toMatchObject(run ?? {});
    expect(first).toMatchObject({
      ...run,
      position: { index: 0, partition: answer?.partition, offset: answer?.offset },
    });
  });

  it('keeps a hundred thousand runs, posted one by one over 64 connections, each once', async () => {
    const load = runs(100_000);

    await postAll(`${platform.urls.receiver}/stats/running`, load, 64);
    posted.push(...load);
    await Promise.all([inStorage(), inAnalyzer()]);

    await expectEveryRunOnce();
    const { num_running_stats, streams, lag } = await stats();
    expect({ num_running_stats, lag }).toEqual({ num_running_stats: posted.length, lag: 0 });
    expect(streams.running.distance.sum).toBe(posted.reduce((sum, { distance }) => sum + distance, 0));
    const last = await getJson<Indexed>(`${platform.urls.analyzer}/running?index=-1`);
    expect(last.position.index).toBe(posted.length - 1);
  });

  it('loses and doubles nothing when storage and the analyzer are killed in the middle of a load', async () => {
    const load = runs(30_000);
    const posting = postAll(`${platform.urls.receiver}/stats/running`, load, 32);
    for (let round = 1; round <= 3; round += 1) {
      const before = await count();
      await waitUntil(count, (n) => n > before, { withinMs: 60_000 });
      await Promise.all([platform.kill('storage'), platform.kill('analyzer')]);
      await waitUntil(
        () => platform.restarts('storage'),
        (n) => n >= round,
      );
      await waitUntil(
        () => platform.restarts('analyzer'),
        (n) => n >= round,
      );
      if (round < 3)
        await waitUntil(
          async () => (await fetch(`${platform.urls.storage}/readyz`).catch(() => undefined))?.ok,
          Boolean,
        );
    }
    await posting;
    posted.push(...load);
    await Promise.all([inStorage(), inAnalyzer()]);

    await expectEveryRunOnce();
    expect((await stats()).num_running_stats).toBe(posted.length);
    const ids = new Set<string>();
    for (let from = 0; from < posted.length; from += 1000) {
      const page = await getJson<Indexed[]>(`${platform.urls.analyzer}/running?from_index=${from}&limit=1000`);
      expect(page.every(({ position }, i) => position.index === from + i)).toBe(true);
      for (const { event_id } of page) ids.add(event_id);
    }
    expect(ids.size).toBe(posted.length);
  });

  it('says what runs, and that it is already up', async () => {
    const status = await platform.make('status');
    const again = await platform.make('up');

    for (const part of ['mariadb', 'kafka', 'registry', ...serviceNames, ...simulatorNames])
      expect(status).toContain(part);
    expect(again).toContain('Already up');
  });

  it('is what every command reaches, and not a platform on the ports that it was moved from', async () => {
    const answers = {
      tail: await platform.make('tail', 'STREAM=running', 'LIMIT=1'),
      topics: await platform.make('kafka-topics', 'ARGS=--list'),
      sql: await platform.make('sql', 'ARGS=-Ne "SELECT COUNT(*) FROM running"'),
      root: await platform.make('sql', 'ROOT=1', 'ARGS=-Ne "SELECT CURRENT_USER()"'),
      schemas: await platform.make('schema-check'),
      demo: await platform.make('demo', 'ARGS=--users 2 --days 1'),
      backup: await platform.make('backup', `DIR=${platform.env.DATA_DIR}/backup`),
      restore: await platform.make('restore', `DIR=${platform.env.DATA_DIR}/backup`).catch(({ stderr }) => stderr),
    };

    expect(answers).toEqual({
      tail: expect.stringContaining('"distance"'),
      topics: expect.stringContaining('running\n'),
      sql: `${posted.length}\n`,
      root: 'root@localhost\n',
      schemas: expect.stringContaining(`Against the registry at http://127.0.0.1:${platform.env.REGISTRY_PORT}/`),
      demo: expect.stringContaining('0 refused'),
      backup: expect.stringContaining('running'),
      restore: expect.stringContaining('empty'),
    });
    expect(elsewhere.touched).toEqual([]);
  });
});
