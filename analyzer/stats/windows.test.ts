import { DuckDBInstance } from '@duckdb/node-api';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { randomFrom } from '@millrace/testing/random-from';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReaderPool, type ReaderPool } from '../ask/reader-pool.ts';
import { createTableSql } from '../store/stream-table.ts';
import { answerQuestion } from './answer-question.ts';
import { parseQuestion } from './parse-question.ts';

type Run = { readonly user: string; readonly distance: number; readonly time: number };

const [MINUTE, DAY] = [60_000, 86_400_000];
const users = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
/** A few days around each of the year's changes of the clocks, somewhere, and of the year. */
const days = ['2026-01-01', '2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'];
const random = randomFrom(9);
const runs: Run[] = Array.from({ length: 1_400 }, (_, i) => ({
  user: users[random(3)] ?? '',
  distance: random(20_000) / 4,
  time: Date.parse(days[i % days.length] ?? '') - DAY + random((3 * DAY) / 1_000) * 1_000 + random(1_000),
}));
const zones = [
  'UTC',
  'Europe/London',
  'America/Toronto',
  'America/Havana',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];

const streams = await loadStreams(schemasDir);
let pool: ReaderPool;

beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const writer = await instance.connect();
  const [stream] = streams.filter(({ name }) => name === 'running');
  if (!stream) throw new Error('the shipped streams have no "running"');
  await writer.run(createTableSql('runs', stream));
  const rows = runs.map(
    ({ user, distance, time }, i) =>
      `(${i}, 0, ${i}, epoch_ms(0), '${user}', 1, ${distance}, epoch_ms(${time}::BIGINT), uuid(), 't', 's', epoch_ms(0))`,
  );
  await writer.run(`INSERT INTO runs VALUES ${rows.join(', ')}`);
  pool = createReaderPool(() => instance.connect(), { size: 1, maxWaiting: 10, budgetMs: 20_000 });
});

afterAll(() => pool.close());

async function asked(query: string) {
  const question = parseQuestion(streams, new URLSearchParams(`stream=running&limit=1000&${query}`));
  const table = { stream: question.stream, epoch: 0, table: 'runs' };
  return (await answerQuestion(pool, question, { table, count: () => BigInt(runs.length) })).rows;
}

/** A time as a wall clock in the zone shows it, written as if that were UTC. */
function wallClock(zone: string) {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  const known = new Map<number, number>();
  const read = (time: number) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 0, ...rest] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map(
      (type) => parts.get(type as Intl.DateTimeFormatPartTypes) ?? 0,
    );
    const [day = 0, hour = 0, minute = 0, second = 0] = rest;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
  return (time: number) => {
    const wall = known.get(time) ?? read(time);
    known.set(time, wall);
    return wall;
  };
}

/** Which window a time is in: one number for all times of the same window, and other ones for all others. */
const keys: Readonly<Record<string, (wall: number, time: number) => number>> = {
  '1m': (wall, time) => time - (wall % MINUTE) - (time % 1_000),
  '1h': (wall, time) => time - (wall % (60 * MINUTE)) - (time % 1_000),
  '1d': (wall) => Math.floor(wall / DAY),
  '1w': (wall) => Math.floor((wall / DAY + 3) / 7),
  '1mo': (wall) => new Date(wall).getUTCFullYear() * 12 + new Date(wall).getUTCMonth(),
};

const sum = (some: readonly Run[]) => some.reduce((total, { distance }) => total + distance, 0);

function grouped<Key>(some: readonly Run[], keyOf: (run: Run) => Key): Map<Key, Run[]> {
  const groups = new Map<Key, Run[]>();
  for (const run of some) groups.set(keyOf(run), [...(groups.get(keyOf(run)) ?? []), run]);
  return groups;
}

describe.each(zones)('windows in %s', (zone) => {
  const wall = wallClock(zone);

  it.each(['1m', '1h', '1d', '1w', '1mo'])(
    'of %s begin where the clock says, and hold what is in them',
    async (window) => {
      const keyOf = (time: number) => keys[window]?.(wall(time), time);
      const first = await asked(`measure=sum(distance)&window=${window}&timezone=${zone}`);
      const rest = await asked(`measure=sum(distance)&window=${window}&timezone=${zone}&order_by=-window_start`);

      const groups = grouped(runs, ({ time }) => keyOf(time));
      const expected = [...groups.values()].map((own) => ({ key: keyOf(own[0]?.time ?? 0), own }));
      const found = new Map([...first, ...rest].map((row) => [keyOf(Date.parse(String(row.window_start))), row]));
      expect(found.size).toBe(Math.min(groups.size, 2_000));
      for (const { key, own } of expected.filter((each) => found.has(each.key)))
        expect(found.get(key)).toMatchObject({ count: own.length, 'sum(distance)': expect.closeTo(sum(own), 6) });
      for (const row of found.values()) {
        const start = Date.parse(String(row.window_start));
        expect(keyOf(start - 1)).not.toBe(keyOf(start));
      }
    },
  );

  it.each(['1d', '1w', '1mo'])('of %s stand beside the one before, by person', async (window) => {
    const keyOf = (time: number) => keys[window]?.(wall(time), time) ?? 0;
    const rows = await asked(
      `measure=sum(distance)&window=${window}&timezone=${zone}&compare=previous&group_by=user_id&from=2026-02-01T00:00:00Z`,
    );

    const groups = grouped(runs, ({ time, user }) => `${keyOf(time)} ${user}`);
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      const key = keyOf(Date.parse(String(row.window_start)));
      const [now = [], before] = [key, key - 1].map((each) => groups.get(`${each} ${row.user_id}`));
      expect(row.count).toBe(now.length);
      if (before)
        expect([row.previous, row.change]).toEqual([
          { count: before.length, 'sum(distance)': expect.closeTo(sum(before), 6) },
          { count: now.length - before.length, 'sum(distance)': expect.closeTo(sum(now) - sum(before), 6) },
        ]);
      else expect([row.previous, row.change]).toEqual([null, null]);
    }
  });
});
