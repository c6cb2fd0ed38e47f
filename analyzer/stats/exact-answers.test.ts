import fc from 'fast-check';
import { LosslessNumber } from 'lossless-json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InMemory, inMemory, streamOf } from '../test/in-memory.ts';
import { summarize } from './summarize.ts';

const decimal = (precision: number, scale: number) => ({ type: 'bytes', logicalType: 'decimal', precision, scale });
const micros = { type: 'long', logicalType: 'timestamp-micros' };
const NINES = '9'.repeat(38);

let db: InMemory;
beforeAll(async () => {
  db = await inMemory();
});
afterAll(() => db.close());

/** A history with one field of the type, and these values of it. */
async function valuesOf(type: unknown, values: readonly unknown[], block: object = { measures: ['it'] }) {
  const history = await db.create(streamOf('values', [{ name: 'it', type }], block));
  await db.fill(
    history,
    values.map((it) => ({ it })),
  );
  return history;
}

async function percentiles(type: unknown, values: readonly unknown[]) {
  const history = await valuesOf(type, values);
  const [row] = await db.ask(
    history,
    'measure=min(it)&measure=p50(it)&measure=p95(it)&measure=p99(it)&measure=max(it)',
  );
  return ['min', 'p50', 'p95', 'p99', 'max'].map((name) => String(row?.[`${name}(it)`]));
}

describe('percentiles', () => {
  it.each([
    [decimal(10, 2), ['0.01', '0.02'], ['0.01', '0.015', '0.0195', '0.0199', '0.02']],
    [
      decimal(20, 2),
      ['123456789012345678.25', '123456789012345678.27'],
      [
        '123456789012345678.25',
        '123456789012345678.26',
        '123456789012345678.269',
        '123456789012345678.2698',
        '123456789012345678.27',
      ],
    ],
    [
      decimal(38, 0),
      [`-${NINES}`, NINES],
      [`-${NINES}`, '0', `8${'9'.repeat(36)}9.1`, `97${'9'.repeat(36)}.02`, NINES],
    ],
    [decimal(38, 30), [`12345678.${'9'.repeat(30)}`], Array(5).fill(`12345678.${'9'.repeat(30)}`)],
    [decimal(10, 2), ['5.00', '5.00', '7.50'], ['5.00', '5.00', '7.25', '7.45', '7.50']],
    [
      'long',
      [9007199254740989, 9007199254740990],
      ['9007199254740989', '9007199254740989.5', '9007199254740989.95', '9007199254740989.99', '9007199254740990'],
    ],
    ['int', [3, 4], ['3', '3.5', '3.95', '3.99', '4']],
    ['double', [984.7633333333333, 984.7633333333333, 984.7633333333333], Array(5).fill('984.7633333333333')],
    ['double', [984.7633333333333], Array(5).fill('984.7633333333333')],
    ['double', [-1.7e308, 1.7e308], ['-1.7e+308', '0', '1.53e+308', '1.666e+308', '1.7e+308']],
    ['float', [0.1, 0.1], Array(5).fill('0.1')],
  ])('of %j %j', async (type, values, expected) => {
    expect(await percentiles(type, values)).toEqual(expected);
  });

  it('are the interpolated values of any decimals, in every group', async () => {
    const amount = fc.bigInt({ min: -(10n ** 30n - 1n), max: 10n ** 30n - 1n });
    const some = fc.oneof(amount, fc.bigInt({ min: -3n, max: 3n }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'b'), some), { minLength: 1, maxLength: 40 }),
        async (drawn) => {
          const fields = [
            { name: 'who', type: 'string', maxLength: 10 },
            { name: 'it', type: ['null', decimal(32, 2)], default: null },
          ];
          const history = await db.create(streamOf('drawn', fields, { measures: ['it'], dimensions: ['who'] }));
          await db.fill(
            history,
            drawn.map(([who, it]) => ({ who, it: textOf(it, 2) })),
          );

          const rows = await db.ask(history, 'measure=p50(it)&measure=p95(it)&group_by=who');

          for (const { who, ...row } of rows) {
            const own = drawn.flatMap(([each, it]) => (each === who ? [it] : []));
            expect([row['p50(it)'], row['p95(it)']].map(scaledText)).toEqual(
              [50n, 95n].map((share) => percentileOf(own, share)),
            );
          }
        },
      ),
      { numRuns: 8 },
    );
  });
});

/** In units of the fourth digit after the point. */
function percentileOf(values: readonly bigint[], percent: bigint): bigint {
  const order = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const place = BigInt(order.length - 1) * percent;
  const [low = 0n, high = 0n] = [order[Number(place / 100n)], order[Number((place + 99n) / 100n)]];
  return low * (100n - (place % 100n)) + high * (place % 100n);
}

function textOf(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function scaledText(text: unknown): bigint {
  const [whole = '', fraction = ''] = String(text).split('.');
  return BigInt(whole + fraction.padEnd(4, '0'));
}

describe('sums', () => {
  it('of decimals with more than 38 digits are refused by name, and leave every other value of a summary alone', async () => {
    const fields = [
      { name: 'amount', type: decimal(38, 0) },
      { name: 'other', type: 'double' },
    ];
    const history = await db.create(streamOf('vast', fields, { measures: ['amount', 'other'] }));
    await db.fill(history, [
      { amount: NINES, other: 1 },
      { amount: NINES, other: 2 },
    ]);

    expect(await summarize(db.pool, history)).toMatchObject({
      count: 2,
      amount: { sum: null, min: NINES, max: NINES, mean: 1e38, reason: 'sum: the sum has more than 38 digits' },
      other: { sum: 3, min: 1, max: 2, mean: 1.5 },
    });
    await expect(db.ask(history, 'measure=sum(amount)&measure=sum(other)')).rejects.toMatchObject({
      ...{ code: 'not-computable', status: 422 },
      errors: [{ pointer: '/query/measure', message: 'sum(amount) has no value: the sum has more than 38 digits' }],
    });
    expect(await db.ask(history, 'measure=avg(amount)&measure=p50(amount)')).toEqual([
      { 'avg(amount)': 1e38, 'p50(amount)': NINES, count: 2 },
    ]);
  });

  it('of decimals between the greatest of 38 digits and the greatest that DuckDB holds are out of range too', async () => {
    const history = await valuesOf(decimal(38, 0), [`6${'0'.repeat(37)}`, `6${'0'.repeat(37)}`]);

    await expect(db.ask(history, 'measure=sum(it)')).rejects.toMatchObject({ code: 'not-computable' });
  });

  it('overflow only when there is no such sum', async () => {
    const decimals = await valuesOf(decimal(38, 2), [
      `${'9'.repeat(36)}.99`,
      `${'9'.repeat(36)}.99`,
      `-${'9'.repeat(36)}.99`,
    ]);
    const doubles = await valuesOf('double', [1e308, 1e308, -1e308]);

    expect(await db.ask(decimals, 'measure=sum(it)')).toMatchObject([{ 'sum(it)': `${'9'.repeat(36)}.99` }]);
    expect(await db.ask(doubles, 'measure=sum(it)')).toMatchObject([{ 'sum(it)': 1e308 }]);
    expect(await summarize(db.pool, doubles)).toMatchObject({ it: { sum: 1e308, max: 1e308 } });
  });

  it('of doubles that overflow say so, unlike those of nothing', async () => {
    const full = await valuesOf('double', [1e308, 1e308]);
    const empty = await valuesOf('double', []);

    expect(await summarize(db.pool, full)).toMatchObject({
      it: { sum: null, mean: 1e308, reason: 'sum: the sum is beyond the range of a double' },
    });
    expect(await summarize(db.pool, empty)).toMatchObject({
      count: 0,
      it: { sum: null, min: null, max: null, mean: null },
    });
    expect(await summarize(db.pool, empty)).not.toHaveProperty('it.reason');
    await expect(db.ask(full, 'measure=sum(it)')).rejects.toMatchObject({ code: 'not-computable' });
    expect(await db.ask(full, 'measure=avg(it)')).toMatchObject([{ 'avg(it)': 1e308 }]);
    expect(await db.ask(empty, 'measure=sum(it)')).toEqual([{ 'sum(it)': null, count: 0 }]);
  });

  it('of whole numbers have all their digits', async () => {
    const history = await valuesOf('long', [9007199254740990, 9007199254740990, 1]);

    const [row] = await db.ask(history, 'measure=sum(it)');

    expect(row?.['sum(it)']).toEqual(new LosslessNumber('18014398509481981'));
  });

  it('leave out values that are no finite numbers, as a foreign producer may have written them', async () => {
    const history = await valuesOf('double', [1, 2, 4]);
    await db.run(`UPDATE "${history.table.table}" SET it = 'nan'::DOUBLE WHERE "$position" = 2`);
    await db.run(
      `INSERT INTO "${history.table.table}" SELECT * REPLACE ('-infinity'::DOUBLE AS it) FROM "${history.table.table}" WHERE it = 1`,
    );

    const [row] = await db.ask(
      history,
      'measure=sum(it)&measure=min(it)&measure=max(it)&measure=p50(it)&measure=avg(it)',
    );

    expect(row).toMatchObject({ 'sum(it)': 3, 'min(it)': 1, 'max(it)': 2, 'p50(it)': 1.5, 'avg(it)': 1.5 });
    expect(await summarize(db.pool, history)).toMatchObject({ it: { sum: 3, min: 1, max: 2, mean: 1.5 } });
  });

  it('are compared with those of the window before exactly', async () => {
    const fields = [
      { name: 'at', type: micros },
      { name: 'it', type: decimal(38, 2) },
    ];
    const history = await db.create(streamOf('compared', fields, { measures: ['it'], time: 'at' }));
    await db.fill(history, [
      { at: '2026-03-14T07:00:00.000001Z', it: '0.10' },
      { at: '2026-03-15T07:00:00Z', it: '123456789012345678901234567890.25' },
      { at: '2026-03-15T07:00:00Z', it: '123456789012345678901234567890.24' },
    ]);

    const rows = await db.ask(history, 'measure=p50(it)&window=1d&compare=previous');

    expect(rows[1]).toMatchObject({
      'p50(it)': '123456789012345678901234567890.245',
      previous: { 'p50(it)': '0.10', count: 1 },
      change: { 'p50(it)': '123456789012345678901234567890.145', count: 1 },
    });
  });
});

describe('microseconds', () => {
  const fields = [
    { name: 'at', type: micros },
    { name: 'due', type: ['null', micros], default: null },
    { name: 'clock', type: { type: 'long', logicalType: 'time-micros' } },
  ];
  const time = (digits: string) => `2026-03-14T11:00:00.${digits}Z`;

  async function filled() {
    const history = await db.create(streamOf('timed', fields, { time: 'at', dimensions: ['due', 'clock'] }));
    await db.fill(
      history,
      ['000499', '000500', '000501', '000899', '000900'].map((digits) => ({
        ...{ at: time(digits), due: time(digits) },
        clock: `11:00:00.${digits}`,
      })),
    );
    return history;
  }

  it.each([
    ['000500Z', '000900Z', 3],
    ['0005001Z', '000900Z', 2],
    ['0004999Z', '0008990Z', 2],
    ['0004999Z', '0008991Z', 3],
    ['000500Z', '000501Z', 1],
  ])('are kept in a range from %s to %s', async (from, to, count) => {
    const history = await filled();

    const rows = await db.ask(history, `from=2026-03-14T11:00:00.${from}&to=2026-03-14T11:00:00.${to}`);

    expect(rows).toEqual([{ count }]);
  });

  it('are kept in groups, filters and single values', async () => {
    const history = await filled();

    const groups = await db.ask(history, 'group_by=due&measure=max(clock)');
    const offset = await db.ask(
      history,
      `due=${encodeURIComponent('2026-03-14T12:00:00.000501+01:00')}&measure=first(at)`,
    );
    const windows = await db.ask(history, 'window=1m&measure=min(due)');

    expect(groups).toEqual(
      ['000499', '000500', '000501', '000899', '000900'].map((digits) => ({
        ...{ due: time(digits), count: 1 },
        'max(clock)': `11:00:00.${digits}`,
      })),
    );
    expect(offset).toEqual([{ 'first(at)': time('000501'), count: 1 }]);
    expect(windows).toEqual([{ window_start: time('000000'), 'min(due)': time('000499'), count: 5 }]);
    expect(await summarize(db.pool, history)).toMatchObject({ first: time('000499'), last: time('000900') });
  });
});
