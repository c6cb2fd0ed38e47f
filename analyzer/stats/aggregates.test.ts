import { formatDecimal } from '@millrace/core/schema/decimal';
import type { Value } from '@millrace/core/schema/from-json';
import { parseStream } from '@millrace/core/schema/parse-stream';
import { randomFrom } from '@millrace/testing/random-from';
import { expect, it } from 'vitest';
import { fullThing, openThings, runOf, things } from '../test/things.ts';
import { answerQuestion } from './answer-question.ts';
import { parseMeasure } from './measure.ts';
import { isComputable } from './number-kind.ts';
import { parseQuestion } from './parse-question.ts';

const COUNT = 400;
const random = randomFrom(11);
/** Whole numbers, some of them null; single precision; decimals of thousandths; words of an enum; times that repeat. */
const drawn = Array.from({ length: COUNT }, () => ({
  small: random(3) === 0 ? null : random(41) - 20,
  large: random(1_000_000) * 1_000_000,
  single: (random(2_001) - 1_000) / 8,
  thousandths: BigInt(random(2_000_000)) - 1_000_000n,
  kind: random(2) === 0 ? 'A' : 'B',
  second: random(60),
}));

async function asked(query: string): Promise<Record<string, unknown> | undefined> {
  const [row] = await rowsOf(query);
  return row;
}

async function rowsOf(query: string) {
  const { open, pool } = await openThings();
  const history = await open();
  const values = drawn.map(
    ({ small, large, single, thousandths, kind, second }, n): Value => ({
      ...fullThing(n),
      ...{ small, large, single, kind, amount: formatDecimal(thousandths, 3) },
      ingested_at: `2026-03-14T07:32:${String(second).padStart(2, '0')}.000Z`,
    }),
  );
  await history.append([await runOf(values)]);
  const question = parseQuestion([things], new URLSearchParams(`stream=things&${query}`));
  return (await answerQuestion(pool, question, history)).rows;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
function middle(values: readonly number[]) {
  const order = [...values].sort((a, b) => a - b);
  const [low = 0, high = 0] = [order[Math.floor((order.length - 1) / 2)], order[Math.ceil((order.length - 1) / 2)]];
  return (low + high) / 2;
}
const measures = (field: string, names: readonly string[]) =>
  names.map((name) => `measure=${name}(${field})`).join('&');
const NUMERIC = ['count', 'sum', 'avg', 'min', 'max', 'p50', 'count_distinct'];

it.each(['small', 'large', 'single'] as const)('is right about %s, and leaves out nulls', async (field) => {
  const row = await asked(measures(field, NUMERIC));

  const values = drawn.flatMap((each) => each[field] ?? []);
  expect(row).toEqual({
    [`count(${field})`]: values.length,
    [`sum(${field})`]: sum(values),
    [`avg(${field})`]: expect.closeTo(sum(values) / values.length, 6),
    [`min(${field})`]: Math.min(...values),
    [`max(${field})`]: Math.max(...values),
    [`p50(${field})`]: middle(values),
    [`count_distinct(${field})`]: new Set(values).size,
    count: COUNT,
  });
});

it('adds decimals up exactly, as decimals', async () => {
  const row = await asked(measures('amount', ['sum', 'min', 'max', 'avg', 'count_distinct']));

  const values = drawn.map(({ thousandths }) => thousandths);
  const total = values.reduce((soFar, each) => soFar + each, 0n);
  const order = [...values].sort((a, b) => Number(a - b));
  expect(row).toEqual({
    'sum(amount)': formatDecimal(total, 3),
    'min(amount)': formatDecimal(order[0] ?? 0n, 3),
    'max(amount)': formatDecimal(order.at(-1) ?? 0n, 3),
    'avg(amount)': expect.closeTo(Number(total) / 1_000 / COUNT, 6),
    'count_distinct(amount)': new Set(values).size,
    count: COUNT,
  });
});

it('compares decimals with those of the window before exactly', async () => {
  const rows = await rowsOf('measure=sum(amount)&window=1m&compare=previous');
  const range = 'from=2026-03-14T07:32:30.000Z&to=2026-03-14T07:33:00.000Z';
  const [halves] = await rowsOf(`measure=sum(amount)&compare=previous&${range}`);

  const [then, now] = [false, true].map((late) =>
    drawn.filter(({ second }) => second >= 30 === late).reduce((soFar, { thousandths }) => soFar + thousandths, 0n),
  );
  expect(rows).toMatchObject([{ previous: null, change: null }]);
  expect(halves).toMatchObject({
    'sum(amount)': formatDecimal(now ?? 0n, 3),
    previous: { 'sum(amount)': formatDecimal(then ?? 0n, 3) },
    change: { 'sum(amount)': formatDecimal((now ?? 0n) - (then ?? 0n), 3) },
  });
});

it('refuses a decimal with more digits than can be computed with, and sums up the others', async () => {
  const type = (precision: number) => ({ type: 'bytes', logicalType: 'decimal', precision, scale: 2 });
  const fields = [
    { name: 'vast', type: type(39) },
    { name: 'price', type: type(38) },
  ];
  const stream = parseStream(
    'vast.avsc',
    JSON.stringify({ type: 'record', name: 'Vast', stream: { measures: ['vast', 'price'] }, fields }),
  );

  expect(parseMeasure(stream, 'sum(vast)')).toEqual({
    fault: 'vast may have more digits than can be computed with, so sum is not possible',
  });
  expect(parseMeasure(stream, 'sum(price)')).toMatchObject({ name: 'sum(price)' });
  expect(stream.measures.map(({ type: each }) => isComputable(each))).toEqual([false, true]);
});

it('takes for first and last what was so by event time, and among equal times by number', async () => {
  const row = await asked('measure=first(kind)&measure=last(kind)&measure=first(large)&measure=last(large)');

  const order = drawn.map((each, n) => ({ ...each, n })).sort((a, b) => a.second - b.second || a.n - b.n);
  expect(row).toEqual({
    'first(kind)': order[0]?.kind,
    'last(kind)': order.at(-1)?.kind,
    'first(large)': order[0]?.large,
    'last(large)': order.at(-1)?.large,
    count: COUNT,
  });
});
