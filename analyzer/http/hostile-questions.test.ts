import type { Stream } from '@millrace/core/schema/stream';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createFindEvents } from '../ask/find-events.ts';
import { createFindIndex } from '../ask/find-index.ts';
import type { History } from '../store/open-history.ts';
import { type InMemory, inMemory, streamOf } from '../test/in-memory.ts';
import { serveRoutes } from '../test/serve-routes.ts';
import { indexRoutes } from './index-routes.ts';
import { createLiveAnswers } from './live-answers.ts';
import { statsRoutes } from './stats-routes.ts';

const logical = (type: string, logicalType: string, more = {}) => ({ type, logicalType, ...more });
const fields = [
  { name: 'at', type: logical('long', 'timestamp-micros') },
  { name: 'due_at', type: ['null', logical('long', 'timestamp-millis')], default: null },
  { name: 'ratio', type: 'double' },
  { name: 'single', type: 'float' },
  { name: 'large', type: 'long' },
  { name: 'price', type: logical('bytes', 'decimal', { precision: 38, scale: 2 }) },
  { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
  { name: 'label', type: 'string', maxLength: 100 },
  { name: 'toString', type: ['null', 'string'], maxLength: 20, default: null },
  { name: 'day', type: logical('int', 'date') },
  { name: 'raw', type: 'bytes' },
  { name: 'tags', type: { type: 'array', items: 'string' } },
];
const stream = streamOf('attacked', fields, {
  ...{ time: 'at', measures: ['ratio', 'price', 'large'] },
  dimensions: ['due_at', 'ratio', 'single', 'large', 'price', 'kind', 'label', 'day', 'toString'],
});
const record = {
  ...{
    at: '2026-03-14T10:00:00.000001Z',
    due_at: '2026-03-14T10:00:00Z',
    ratio: 16,
    single: 0.1,
    large: 9007199254740990,
  },
  ...{
    price: '123456789012345678901234567890123456.78',
    kind: 'A',
    label: `Robert'); DROP TABLE "attacked$1";--`,
    day: '9999-12-31',
  },
  ...{ raw: 'AP8=', tags: [] },
};

let db: InMemory;
let history: History;
let url: string;

beforeAll(async () => {
  db = await inMemory();
  const counted = await db.create(stream);
  await db.fill(counted, [
    record,
    { ...record, ratio: -1.7e308, at: '2254-12-31T23:59:59.999999Z', day: '1000-01-01' },
    { ...record, at: '1828-01-01T00:00:00Z', ratio: 1.7e308 },
  ]);
  const none = async () => undefined;
  history = {
    ...{ ...counted, checkpoints: new Map(), version: () => '1', first: () => 0n, isAuthoritative: () => true },
    ...{ append: async () => 0, remove: none, noteWriterSchema: () => undefined, forget: none, snapshot: none },
  };
});
beforeEach(async () => {
  const fresh = { as_of: null, last_updated: null, lag: 0 };
  const freshness = { body: async () => fresh, setHeaders: async () => undefined };
  const summary = { version: () => '1', answer: async () => ({}) };
  const options = { streams: [stream] as readonly Stream[], historyOf: () => history, freshness };
  url = await serveRoutes([
    ...indexRoutes({ ...options, events: createFindEvents(db.pool), findIndex: createFindIndex(db.pool) }),
    ...statsRoutes({ ...options, pool: db.pool, summary, live: createLiveAnswers(summary) }),
  ]);
});
afterAll(() => db.close());

async function get(path: string) {
  const response = await fetch(`${url}${path}`);
  const body: unknown = await response.json();
  return { status: response.status, body };
}

// biome-ignore format: a corpus
const hostile = [
  'window=0d', 'window=1e9h', 'window=-1d', 'window=', 'window=1D', 'window=1d&window=1h', "window=1d'", 'window=1y',
  'timezone=', 'timezone=%2B05:30', 'timezone=UTC%2B1', 'timezone=../../etc/passwd', "timezone=UTC');--", 'timezone=Factory', 'timezone=%00',
  'limit=0', 'limit=1001', 'limit=-1', 'limit=1e3', 'limit=99999999999999999999', 'limit=0x10', 'limit=', 'limit=1&limit=2',
  'from=now', 'from=2026-02-30T00:00:00Z', 'from=0000-01-01T00:00:00Z', 'from=10000-01-01T00:00:00Z', 'from=2026-03-14', 'from=1773482400',
  'from=2026-03-14T00:00:00Z&to=2026-03-14T00:00:00Z', 'from=9999-12-31T23:59:59.999999999Z&to=1000-01-01T00:00:00Z',
  'measure=', 'measure=count()', 'measure=sum()', 'measure=sum(nope)', 'measure=sum(label)', 'measure=SUM(ratio)', 'measure=sum(ratio)&measure=sum(ratio)',
  'measure=count&measure=count', 'measure=sum(ratio);DROP TABLE x', 'measure=sum("ratio")', 'measure=constructor(ratio)', 'measure=toString(ratio)',
  'measure=__proto__(ratio)', 'measure=p50(kind)', 'measure=sum(tags)', 'measure=min(tags)', 'measure=sum($position)', 'measure=median(ratio)',
  'group_by=nope', 'group_by=ratio;', 'group_by=$position', 'group_by=raw', 'group_by=kind&group_by=kind', 'group_by=constructor', 'group_by=',
  'order_by=nope', 'order_by=--count', 'order_by=-', 'order_by=', 'order_by=count;DROP', 'order_by=count desc', 'order_by=count&order_by=count',
  'compare=next', 'compare=previous', 'compare=previous&from=2026-01-01T00:00:00Z', 'cursor=', 'cursor=x', 'cursor=bnVsbA', 'max_lag=-1', 'max_lag=x',
  'ratio=0x10', 'ratio=', 'ratio=NaN', 'ratio=Infinity', 'ratio=1e999', 'ratio=1_000', 'single=1e39', 'large=9223372036854775807', 'large=1.5', 'large=0x10',
  'price=1.001', 'price=1e40', 'price=abc', 'price=1;2', 'kind=C', 'kind=a', 'day=2026-02-30', 'day=yesterday', 'day=infinity',
  'due_at=infinity', 'due_at=2026-03-14', 'due_at=2026-03-14T25:00:00Z', 'due_at=epoch', 'label=%ED%A0%80%F0', 'nope=1', '__proto__=1', 'constructor=1',
  'Label=x', '$position=1', 'stream=attacked', "stream=attacked'--",
];

it.each(hostile.filter((query) => !query.startsWith('label=')))(
  'answers %s with 400 and what is wrong',
  async (query) => {
    const { status, body } = await get(`/stats?stream=attacked&${query}`);

    expect([status, body]).toMatchObject([
      400,
      {
        code: 'invalid-parameter',
        errors: expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(/./) })]),
      },
    ]);
  },
);

// biome-ignore format: a corpus
const odd = [
  ['large=9.00719925474099e15', 3], ['ratio=1.6e1', 1], ['single=0.1', 3], ['due_at=2026-03-14T11:00:00%2B01:00', 3], ['due_at=2026-03-14T11:00:00+01:00', 3],
  ['price=1.2345678901234567890123456789012345678e35', 3], ['price=123456789012345678901234567890123456.78', 3],
  [`label=${encodeURIComponent(record.label)}`, 3], ['label=', 0], ['label=%00', 0], ["label=' OR 1=1 --", 0], ['toString=x', 0], ['kind=A&kind=B', 3],
  ['from=1000-01-01T00:00:00Z&to=9999-12-31T23:59:59.999999999Z', 3], ['from=1000-01-01T00:00:00Z&to=9999-12-31T00:00:00Z&compare=previous', 3],
  ['timezone=america/toronto&window=1w&compare=previous&limit=1', 1], ['timezone=Pacific/Apia&window=1mo&limit=1', 1], ['timezone=Asia/Kathmandu&window=1m&from=1000-01-01T00:00:00Z&compare=previous&limit=1', 1],
] as const;

it.each(odd)('answers %s', async (query, count) => {
  const { status, body } = await get(`/stats?stream=attacked&measure=sum(large)&${query}`);

  expect([status, body]).toMatchObject([200, { data: [{ count }] }]);
});

it.each([
  'sum(ratio)',
  'avg(ratio)',
  'p99(ratio)',
  'sum(price)',
  'avg(price)',
  'p95(price)',
  'p50(large)',
  'first(due_at)',
  'min(day)',
  'max(raw)',
  'count_distinct(label)',
  'last(toString)',
])('never fails to answer %s, however large the values are', async (measure) => {
  for (const more of [
    '',
    '&window=1mo&timezone=Pacific/Apia&compare=previous',
    '&group_by=kind&order_by=-count',
    '&group_by=toString&window=1w',
  ]) {
    const { status } = await get(
      `/stats?stream=attacked&measure=${measure}${more}&order_by=${measure}`.replace(/(order_by=.*)&order_by=.*/, '$1'),
    );
    expect([measure, more, status]).toEqual([measure, more, 200]);
  }
});

// biome-ignore format: a corpus
const lookups = [
  '', 'index=', 'index=0x0', 'index=1e3', 'index=1.0', 'index=99999999999999999999', 'index=0&index=1', 'index=0&from_index=0', 'index=0&at=2026-03-14T00:00:00Z',
  'from_index=x', 'from_index=0&limit=0', 'from_index=0&limit=1001', 'at=now', 'at=', 'at=2026-02-30T00:00:00Z', 'event_id=x', "event_id=' OR 1=1", 'event_id=',
  'limit=5', 'index=0&nope=1', 'index=0&__proto__=1', 'max_lag=1', 'index=0&max_lag=-1',
];

it.each(lookups)('answers the lookup %j with 400', async (query) => {
  const { status, body } = await get(`/attacked?${query}`);

  expect([status, body]).toMatchObject([400, { code: 'invalid-parameter', detail: expect.stringMatching(/./) }]);
});

it.each([
  'index=9007199254740991',
  'index=-9007199254740991',
  'at=9999-12-31T23:59:59.999999999Z',
  'event_id=ffffffff-ffff-4fff-8fff-ffffffffffff',
])('answers the lookup %s with 404', async (query) => {
  expect((await get(`/attacked?${query}`)).status).toBe(404);
});
