import { randomUUID } from 'node:crypto';
import { selectRows } from '@millrace/core/database/run-sql';
import { avscType } from '@millrace/core/schema/avsc-type';
import { compileFromJson } from '@millrace/core/schema/from-json';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { everyType, everyTypeSchema } from '@millrace/testing/every-type';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openTestBed, type TestBed } from './test-bed.ts';

type Json = Record<string, unknown>;
type Coordinates = { topic_partition: number; record_offset: number };

const GOOD = 200;
const HOSTILE = 600;
const SEED = 71;
const METADATA = { trace_id: 'a'.repeat(32), source: 'test', ingested_at: '2026-03-14T07:00:00Z' };

let bed: TestBed;
let storage: RunningService;
let toBytes: (json: Json) => Buffer;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), { 'every-type': everyTypeSchema });
  const stream = bed.stream('every-type');
  const fromJson = compileFromJson(stream.fields);
  const encode = createEncoder(avscType(stream.avro), await bed.registry.register(stream));
  toBytes = (json) => Buffer.from(encode(fromJson({ event_id: randomUUID(), ...METADATA, ...json })));
  storage = await bed.startStorage();
});
afterAll(() => bed.close());

const some = <Value>(arbitrary: fc.Arbitrary<Value>, count: number) =>
  fc.sample(arbitrary, { numRuns: count, seed: SEED });
const places = (rows: readonly Coordinates[]) => rows.map((row) => `${row.topic_partition}/${row.record_offset}`);
const storedPlaces = async () =>
  places(
    await selectRows<Coordinates>(
      bed.db,
      `SELECT topic_partition, record_offset FROM ${bed.stream('every-type').table}`,
    ),
  );
const deadLetters = () =>
  selectRows<Coordinates & { reason: string }>(
    bed.db,
    'SELECT topic_partition, record_offset, reason FROM dead_letters',
  );

/** Records of a foreign producer: Avro, of the right schema, whose values no table can hold. */
const impossible: readonly Json[] = [
  { size: Number.NaN },
  { size: Number.POSITIVE_INFINITY },
  { ratio: Number.NEGATIVE_INFINITY },
  { maybe: Number.NaN },
  { sizes: [1, Number.NaN] },
  { ratios: { a: Number.NaN } },
  { any: Number.NaN },
  { zones: [{ label: null, size: Number.NaN, ratio: 1 }] },
];

describe('hostile records', () => {
  it('among good ones stop nothing: the good are stored, and each of the others is a dead letter with a reason', async () => {
    const good = some(everyType, GOOD).map((json) => toBytes(json));
    const spare = some(everyType, GOOD).map((json) => toBytes(json));
    const [plain = {}] = some(everyType, 1);
    const bytes = some(fc.uint8Array({ maxLength: 200 }), HOSTILE * 3).map((each) => Buffer.from(each));
    const mutated = (n: number) => {
      const value = Buffer.from(spare[n % GOOD] ?? '');
      value[5 + ((n * 7_919) % (value.length - 5))] = bytes[n]?.[0] ?? 0xff;
      return value;
    };
    const hostile = Array.from({ length: HOSTILE }, (_, n) => {
      const kinds = [
        () => bytes[n] ?? null,
        () => Buffer.concat([good[0]?.subarray(0, 5) ?? Buffer.alloc(5), bytes[n] ?? Buffer.alloc(0)]),
        () => mutated(n),
        () => good[n % GOOD]?.subarray(0, n % 60) ?? null,
        () => toBytes({ ...plain, ...impossible[n % impossible.length] }),
        () => Buffer.concat([Buffer.from([0, 0x80, 0, 0, 0]), bytes[n] ?? Buffer.alloc(0)]),
        () => null,
      ];
      const headers = {
        [`${bytes[n + HOSTILE]?.toString('latin1')}`]: bytes[n + 2 * HOSTILE] ?? null,
        'redrive-attempts': 'x',
      };
      return { partition: n % 3, key: bytes[n + HOSTILE] ?? null, value: kinds[n % kinds.length]?.() ?? null, headers };
    });
    const hostileSet = new Set<object>(hostile);
    const mutatedSet = new Set<object>(hostile.filter((_, n) => n % 7 === 2));
    const records = Array.from({ length: HOSTILE }, (_, n) => [
      ...(n % 3 === 0 ? [{ partition: n % 3, key: null, value: good[n / 3] ?? null }] : []),
      hostile[n] ?? { partition: 0, key: null, value: null },
    ]).flat();
    const goodAt = new Set(records.flatMap((record, n) => (hostileSet.has(record) ? [] : [n])));
    /** One changed byte may leave a record as valid as before. */
    const mutatedAt = new Set(records.flatMap((record, n) => (mutatedSet.has(record) ? [n] : [])));

    const written = await bed.publishRaw('every-type', records);
    await waitUntil(
      () => selectRows<{ done: number | string }>(bed.db, 'SELECT SUM(next_offset) AS done FROM checkpoints'),
      ([row]) => Number(row?.done) === records.length,
      { withinMs: 60_000 },
    );

    const stored = new Set(await storedPlaces());
    const dead = new Set(places(await deadLetters()));
    const outcomes = written.map(({ partition, offset }, n) => {
      const place = `${partition}/${offset}`;
      const outcome = stored.has(place) ? 'stored' : dead.has(place) ? 'dead letter' : 'repeat';
      return { outcome, isGood: goodAt.has(n), isRepeatable: mutatedAt.has(n) };
    });
    expect(outcomes.filter(({ isGood }) => isGood)).toHaveLength(GOOD);
    expect(outcomes.filter(({ isGood, outcome }) => isGood && outcome !== 'stored')).toEqual([]);
    expect(
      outcomes.filter(({ isGood, isRepeatable, outcome }) => !isGood && !isRepeatable && outcome !== 'dead letter'),
    ).toEqual([]);
    const reasons = (await deadLetters()).map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === '' || /undefined|is not a function|Cannot read/.test(reason))).toEqual(
      [],
    );
    expect(reasons).toEqual(expect.arrayContaining(['size is not a finite number', 'the record has no value']));
    expect((await fetch(`${storage.url}/healthz`)).status).toBe(200);
  });
});

describe('hostile filters', () => {
  const rows: readonly Json[] = [
    {
      ratio: 16,
      size: 16,
      price: '16.0000',
      kind: 'A',
      flag: true,
      small: 16,
      label: 'abc',
      day: '2026-03-14',
      moment: '2026-03-14T10:00:00.000500Z',
    },
    {
      ratio: 0.1,
      size: 0.1,
      price: '0.1000',
      kind: 'a',
      flag: false,
      small: 0,
      label: 'abc ',
      day: '2026-03-15',
      moment: '2026-03-14T10:00:00.000900Z',
    },
    {
      ratio: 3.4028235e38,
      size: 984.7633333333333,
      price: '-16.0000',
      kind: 'B',
      flag: false,
      small: -16,
      label: '',
      day: '1000-01-01',
      moment: '1828-01-01T00:00:00.000000Z',
    },
  ].map((row, n) => ({ ...some(everyType, 3)[n], ...row, at: `1999-01-0${n + 1}T00:00:00.000Z` }));
  const range = 'start_timestamp=1999-01-01T00:00:00Z&end_timestamp=1999-02-01T00:00:00Z';

  beforeAll(async () => {
    await bed.publishRaw(
      'every-type',
      rows.map((row) => ({ partition: 0, key: null, value: toBytes(row) })),
    );
    await waitUntil(
      () => found(''),
      ({ length }) => length === rows.length,
    );
  });

  async function ask(query: string) {
    return fetch(`${storage.url}/every-type?${range}${query}`);
  }
  async function found(query: string): Promise<Json[]> {
    const body: unknown = await (await ask(query)).json();
    return Array.isArray(body) ? body : [];
  }
  const filter = (name: string, text: unknown) => `&${name}=${encodeURIComponent(String(text))}`;
  const names = ['ratio', 'size', 'price', 'kind', 'flag', 'id', 'day', 'moment', 'label', 'small'];

  it('find a row by each dimension as it was posted, and no other', async () => {
    for (const name of names)
      for (const row of rows) {
        const expected = rows.filter((each) => each[name] === row[name]).map(({ at }) => at);
        expect(
          (await found(filter(name, row[name]))).map(({ at }) => at),
          `${name}=${row[name]}`,
        ).toEqual(expected);
      }
  });

  it('mean the same in another spelling that JSON has', async () => {
    const [first, second] = rows;
    const spellings: [string, string, unknown][] = [
      ['ratio', '1.6e1', first?.at],
      ['ratio', '0.10000000149011612', second?.at],
      ['size', '1e-1', second?.at],
      ['price', '16', first?.at],
      ['price', '1.6e1', first?.at],
      ['small', '16.0', first?.at],
      ['id', String(first?.id).toUpperCase(), first?.at],
      ['moment', '2026-03-14T11:00:00.0005+01:00', first?.at],
      ['moment', '2026-03-14T11:00:00.0005 01:00', first?.at],
    ];
    for (const [name, text, at] of spellings)
      expect(
        (await found(filter(name, text))).map((row) => row.at),
        `${name}=${text}`,
      ).toEqual([at]);
  });

  it('that are no value of the field are refused or find nothing, and never fail', async () => {
    const texts = [
      '0x10',
      ' 16',
      '16 ',
      '+16',
      '016',
      '1e400',
      'NaN',
      'Infinity',
      '-',
      '',
      ' ',
      '\\0',
      "' OR 1=1 -- ",
      '"',
      '%',
      '_',
      'abc\t',
      'ABC',
      'ábc',
      'TRUE',
      '1',
      'null',
      '1e1000000000',
      '9'.repeat(400),
      '\uFEFFabc',
      '\uD800',
      '2026-03-14',
      '2026-02-30',
      '10000-01-01',
      '2026-03-14T10:00:00',
      '0000-00-00',
      '{"a":1}',
      '[]',
      '😀',
    ];
    const own = new Set(rows.flatMap((row) => names.map((name) => `${name}=${row[name]}`)));

    for (const name of names)
      for (const text of texts.filter((each) => !own.has(`${name}=${each}`))) {
        const response = await ask(filter(name, text.toWellFormed()));
        const body: unknown = await response.json();
        expect([200, 400], `${name}=${text}`).toContain(response.status);
        const isDecimal = name === 'price' && Number(text) === 16;
        if (response.status === 200 && !isDecimal) expect(body, `${name}=${text}`).toEqual([]);
      }
    expect((await ask('&label=abc&label=abc')).status).toBe(400);
    expect((await ask('&limit=1&limit=1')).status).toBe(400);
    expect((await ask('&label=%ff%fe%00')).status).toBeLessThan(500);
  });

  it('of times keep what is finer than the field', async () => {
    const times = async (from: string, to: string) => {
      const response = await fetch(`${storage.url}/every-type?start_timestamp=${from}&end_timestamp=${to}`);
      const body: unknown = await response.json();
      return Array.isArray(body) ? body.map(({ at }) => at) : response.status;
    };

    expect(await times('1999-01-01T00:00:00Z', '1999-01-01T00:00:00.000500Z')).toEqual([rows[0]?.at]);
    expect(await times('1999-01-01T00:00:00.000500Z', '1999-01-01T00:00:00.000900Z')).toEqual([]);
    expect(await times('1999-01-01T00:00:00.000000001Z', '1999-01-02T00:00:00.000000001Z')).toEqual([rows[1]?.at]);
    expect(await times('1999-01-01T00:00:00.000500Z', '1999-01-01T00:00:00.000400Z')).toBe(400);
    expect(await times('9999-12-31T23:59:59.9999Z', '9999-12-31T23:59:59.999999Z')).toEqual([]);
  });
});
