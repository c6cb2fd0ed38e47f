import { DuckDBInstance } from '@duckdb/node-api';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { randomFrom } from '@millrace/testing/random-from';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReaderPool, type ReaderPool } from '../ask/reader-pool.ts';
import { createTableSql } from '../store/stream-table.ts';
import { answerQuestion } from './answer-question.ts';
import { parseQuestion } from './parse-question.ts';

type Run = { readonly user: string; readonly duration: number; readonly distance: number; readonly time: number };

const TORONTO = 'America/Toronto';
const SPRING = Date.UTC(2026, 2, 1);
const users = [1, 2, 3, 4].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
const random = randomFrom(42);
/** Over 30 days of March and around the end of summer time in November: both changes of the clocks are in it. */
const runs: Run[] = Array.from({ length: 3_000 }, (_, i) => ({
  user: users[random(4)] ?? '',
  duration: random(5_000) / 7,
  distance: random(20_000) / 3,
  time: (i % 3 === 0 ? Date.UTC(2026, 9, 31) : SPRING) + random(i % 3 === 0 ? 3 * 86_400 : 30 * 86_400) * 1_000,
}));

const streams = await loadStreams(schemasDir);
let pool: ReaderPool;

beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const writer = await instance.connect();
  const stream = streams.find(({ name }) => name === 'running');
  if (!stream) throw new Error('the shipped streams have no "running"');
  await writer.run(createTableSql('runs', stream));
  const rows = runs.map(
    ({ user, duration, distance, time }, i) =>
      `(${i}, 0, ${i}, epoch_ms(${SPRING}::BIGINT), '${user}', ${duration}, ${distance}, epoch_ms(${time}::BIGINT), uuid(), 'trace', 'test', epoch_ms(0))`,
  );
  await writer.run(`INSERT INTO runs VALUES ${rows.join(', ')}`);
  pool = createReaderPool(() => instance.connect(), { size: 2, maxWaiting: 10, budgetMs: 5_000 });
});

afterAll(() => pool.close());

async function asked(query: string) {
  const question = parseQuestion(streams, new URLSearchParams(`stream=running&${query}`));
  const table = { stream: question.stream, epoch: 0, table: 'runs' };
  return (await answerQuestion(pool, question, { table, count: () => BigInt(runs.length) })).rows;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const inTime = (some: readonly Run[]) => [...some].sort((a, b) => a.time - b.time);

/** The value a share of the way between the smallest and the largest, between two neighbours in proportion. */
function quantile(values: readonly number[], share: number): number {
  const order = sorted(values);
  const place = (order.length - 1) * share;
  const [low = 0, high = 0] = [order[Math.floor(place)], order[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

function daysIn(timezone: string): (time: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' });
  return (time) => format.format(time);
}

function grouped<Key>(some: readonly Run[], keyOf: (run: Run) => Key): Map<Key, Run[]> {
  const groups = new Map<Key, Run[]>();
  for (const run of some) groups.set(keyOf(run), [...(groups.get(keyOf(run)) ?? []), run]);
  return groups;
}

describe('a question about statistics', () => {
  it('gets every aggregate right for every group', async () => {
    const names = ['count', 'sum', 'avg', 'min', 'max', 'p50', 'p95', 'p99', 'count_distinct', 'first', 'last'];
    const measures = names.map((name) => `measure=${name === 'count' ? name : `${name}(distance)`}`);

    const rows = await asked(`${measures.join('&')}&group_by=user_id`);

    expect(rows).toHaveLength(4);
    for (const row of rows) {
      const own = inTime(runs.filter(({ user }) => user === row.user_id));
      const values = own.map(({ distance }) => distance);
      const close = (value: number) => expect.closeTo(value, 6);
      expect(row).toEqual({
        user_id: row.user_id,
        count: own.length,
        'sum(distance)': close(sum(values)),
        'avg(distance)': close(sum(values) / own.length),
        'min(distance)': Math.min(...values),
        'max(distance)': Math.max(...values),
        'p50(distance)': close(quantile(values, 0.5)),
        'p95(distance)': close(quantile(values, 0.95)),
        'p99(distance)': close(quantile(values, 0.99)),
        'count_distinct(distance)': new Set(values).size,
        'first(distance)': values[0],
        'last(distance)': values.at(-1),
      });
    }
  });

  it.each(['UTC', TORONTO, 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'])(
    'begins days at midnight in %s',
    async (timezone) => {
      const rows = await asked(`measure=sum(duration)&window=1d&timezone=${timezone}&limit=1000`);

      const dayOf = daysIn(timezone);
      const days = grouped(runs, ({ time }) => dayOf(time));
      expect(rows).toHaveLength(days.size);
      for (const row of rows) {
        const start = Date.parse(String(row.window_start));
        const own = days.get(dayOf(start)) ?? [];
        expect(dayOf(start - 1)).not.toBe(dayOf(start));
        expect(row).toMatchObject({
          count: own.length,
          'sum(duration)': expect.closeTo(sum(own.map((r) => r.duration)), 6),
        });
      }
    },
  );

  it('gives the hour that a clock set back repeats two windows, and the one it skips none', async () => {
    const rows = await asked(
      `window=1h&timezone=${TORONTO}&from=2026-11-01T00:00:00-04:00&to=2026-11-02T00:00:00-05:00`,
    );

    const day = runs.filter(({ time }) => time >= Date.UTC(2026, 10, 1, 4) && time < Date.UTC(2026, 10, 2, 5));
    const hours = grouped(day, ({ time }) => Math.floor(time / 3_600_000));
    expect(rows.map((row) => [Date.parse(String(row.window_start)) / 3_600_000, row.count])).toEqual(
      [...hours].map(([hour, own]) => [hour, own.length]).sort(([a = 0], [b = 0]) => a - b),
    );
    expect(rows.length).toBe(25);
  });

  it.each([
    ['1w', (time: number) => Math.floor((time / 86_400_000 + 3) / 7)],
    ['1mo', (time: number) => new Date(time).getUTCMonth()],
    ['1m', (time: number) => Math.floor(time / 60_000)],
  ])('counts windows of %s', async (window, keyOf) => {
    const rows = await asked(`window=${window}&limit=1000`);

    const expected = [...grouped(runs, ({ time }) => keyOf(time))].sort(([a], [b]) => a - b).slice(0, 1_000);
    expect(rows.map(({ count }) => count)).toEqual(expected.map(([, own]) => own.length));
    expect(rows.map(({ window_start: start }) => keyOf(Date.parse(String(start))))).toEqual(
      expected.map(([key]) => key),
    );
  });

  it('keeps to a half-open range of time, to filters, and to the top few', async () => {
    const [from, to] = ['2026-03-05T00:00:00Z', '2026-03-09T12:00:00Z'];

    const rows = await asked(
      `measure=sum(distance)&group_by=user_id&from=${from}&to=${to}&user_id=${users[0]}&user_id=${users[1]}&order_by=-sum(distance)&limit=1`,
    );

    const chosen = runs.filter(({ time }) => time >= Date.parse(from) && time < Date.parse(to));
    const totals = [0, 1].map((n) =>
      sum(chosen.filter(({ user }) => user === users[n]).map(({ distance }) => distance)),
    );
    expect(rows).toMatchObject([{ 'sum(distance)': expect.closeTo(Math.max(...totals), 6) }]);
  });

  it('shows each window beside the one before', async () => {
    const rows = await asked(
      `measure=sum(distance)&window=1w&compare=previous&from=2026-03-09T00:00:00Z&to=2026-03-30T00:00:00Z`,
    );

    const weeks = grouped(runs, ({ time }) => Math.floor((time / 86_400_000 + 3) / 7));
    const first = Math.floor((Date.UTC(2026, 2, 9) / 86_400_000 + 3) / 7);
    expect(rows).toHaveLength(3);
    for (const [index, row] of rows.entries()) {
      const [now = [], then = []] = [weeks.get(first + index), weeks.get(first + index - 1)];
      expect(row).toMatchObject({
        count: now.length,
        previous: { count: then.length, 'sum(distance)': expect.closeTo(sum(then.map((r) => r.distance)), 6) },
        change: {
          count: now.length - then.length,
          'sum(distance)': expect.closeTo(sum(now.map((r) => r.distance)) - sum(then.map((r) => r.distance)), 6),
        },
      });
    }
  });

  it('compares a range with the one of the same length before it', async () => {
    const rows = await asked('compare=previous&group_by=user_id&from=2026-03-11T00:00:00Z&to=2026-03-21T00:00:00Z');

    const between = (from: number, to: number, user: unknown) =>
      runs.filter((run) => run.user === user && run.time >= from && run.time < to).length;
    expect(rows).toHaveLength(4);
    for (const { user_id: user, count, previous } of rows)
      expect([count, previous]).toEqual([
        between(Date.UTC(2026, 2, 11), Date.UTC(2026, 2, 21), user),
        { count: between(Date.UTC(2026, 2, 1), Date.UTC(2026, 2, 11), user) },
      ]);
  });

  it.each([
    ['measure=sum(artist)', '/query/measure'],
    ['measure=sum(user_id)', '/query/measure'],
    ['measure=drop(distance)', '/query/measure'],
    ['group_by=source', '/query/group_by'],
    ['user_id=me', '/query/user_id'],
    ['window=2d', '/query/window'],
    ['timezone=Mars/Olympus', '/query/timezone'],
    ['order_by=distance', '/query/order_by'],
    ['from=yesterday', '/query/from'],
    ['compare=previous', '/query/compare'],
    ['from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', '/query/to'],
    ['mesure=count', '/query/mesure'],
  ])('refuses %s', (query, pointer) => {
    const ask = () => parseQuestion(streams, new URLSearchParams(`stream=running&${query}`));

    expect(ask).toThrow(
      expect.objectContaining({ code: 'invalid-parameter', errors: [expect.objectContaining({ pointer })] }),
    );
  });
});
