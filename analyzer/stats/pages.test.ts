import { afterAll, beforeAll, expect, it } from 'vitest';
import { type InMemory, inMemory, streamOf } from '../test/in-memory.ts';
import { answerQuestion, type Counted, type Row } from './answer-question.ts';
import { parseQuestion } from './parse-question.ts';

const HOUR_MS = 3_600_000;
const HOURS = 168;
const PAGE = 40;
const BEGIN = Date.parse('2026-03-01T00:00:00Z');
const fields = [
  { name: 'who', type: ['null', 'string'], maxLength: 20, default: null },
  { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
  { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 2 } },
];
const block = { time: 'at', measures: ['price'], dimensions: ['who'] };
const append = streamOf('hourly', fields, block);
const upsert = streamOf('priced', fields, { ...block, store: 'upsert', key: 'event_id' });

let db: InMemory;
let history: Counted;

/** Every hour two events; in the first hours of somebody unknown, so that a group is null. */
const records = Array.from({ length: HOURS * 2 }, (_, n) => ({
  who: n < 2 ? null : `person ${n % 3}`,
  at: new Date(BEGIN + Math.floor(n / 2) * HOUR_MS).toISOString(),
  price: `${(n * 7919) % 100}.50`,
}));

beforeAll(async () => {
  db = await inMemory();
  history = await db.create(append);
  await db.fill(history, records);
});
afterAll(() => db.close());

const question = (query: string, stream = append) =>
  parseQuestion([stream], new URLSearchParams(`stream=${stream.name}&${query}`));

/** All pages, with something done before each next one. */
async function allPages(
  of: Counted,
  query: string,
  limit: number,
  between: () => Promise<void> = async () => undefined,
) {
  const pages: (readonly Row[])[] = [];
  const { stream } = of.table;
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const asked = question(`${query}&limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`, stream);
    const answer = await answerQuestion(db.pool, asked, of);
    pages.push(answer.rows);
    cursor = answer.cursor;
    await between();
  }
  return pages;
}

it.each([
  ['window=1h', HOURS],
  ['window=1h&group_by=who&order_by=-sum(price)&measure=sum(price)', HOURS * 2 - 1],
  ['window=1h&group_by=who&order_by=p50(price)&measure=p50(price)', HOURS * 2 - 1],
  ['window=1d&group_by=who&order_by=who&timezone=America/Toronto&measure=count_distinct(price)', 8 * 3 + 1],
])('gives every row of %s once, over as many pages as there are', async (query, rows) => {
  const [whole = []] = await allPages(history, query, 1_000);

  const pages = await allPages(history, query, PAGE);

  expect(pages.flat()).toEqual(whole);
  expect(whole.length).toBe(rows);
  expect(pages.map((page) => page.length)).toEqual([
    ...Array(Math.ceil(rows / PAGE) - 1).fill(PAGE),
    rows % PAGE === 0 ? PAGE : rows % PAGE,
  ]);
});

it('has no next page when the last row fits', async () => {
  expect(await allPages(history, 'group_by=who', 4)).toHaveLength(1);
});

it.each([
  ['append', append],
  ['upsert', upsert],
])('continues with the same history while events arrive in an %s stream', async (_, stream) => {
  const growing = await db.create(stream);
  await db.fill(growing, records.slice(0, 40));
  const [before = []] = await allPages(growing, 'window=1h&order_by=-sum(price)&measure=sum(price)', 1_000);

  const pages = await allPages(growing, 'window=1h&order_by=-sum(price)&measure=sum(price)', 3, async () => {
    await db.fill(growing, records.slice(0, 3));
    if (stream === upsert)
      await db.run(`INSERT INTO "${growing.table.table}$removed"
        SELECT event_id, now()::TIMESTAMP, 0, 1000 FROM "${growing.table.table}" LIMIT 5`);
  });

  expect(pages.flat()).toEqual(before);
});

const cursorOf = async (query: string) =>
  (await answerQuestion(db.pool, question(`${query}&limit=1`), history)).cursor ?? '';

it.each([
  ['nothing', ''],
  ['no base64', '%%%'],
  ['no JSON', Buffer.from('{"a":').toString('base64url')],
  ['other JSON', Buffer.from('{}').toString('base64url')],
  [
    'SQL',
    Buffer.from(JSON.stringify(['x', 0, '1; DROP TABLE x', '0', 0, { as_of: null, lag: 0 }])).toString('base64url'),
  ],
  ['a cursor of storage', Buffer.from(JSON.stringify(['2026-03-01T00:00:00Z', 'x'])).toString('base64url')],
])('refuses a cursor that is %s', async (_, cursor) => {
  const asked = answerQuestion(db.pool, question(`window=1h&cursor=${encodeURIComponent(cursor)}`), history);

  await expect(asked).rejects.toMatchObject({ code: 'invalid-parameter', errors: [{ pointer: '/query/cursor' }] });
});

it('refuses a cursor of another question, and takes it with another limit', async () => {
  const cursor = await cursorOf('window=1h');

  const other = await answerQuestion(db.pool, question(`window=1d&cursor=${cursor}`), history).catch((error) => error);
  const longer = await answerQuestion(db.pool, question(`window=1h&limit=500&cursor=${cursor}`), history);

  expect(other).toMatchObject({ errors: [{ pointer: '/query/cursor' }] });
  expect(longer.rows).toHaveLength(HOURS - 1);
});

it('says that it is gone when the history was replaced', async () => {
  const cursor = await cursorOf('window=1h');
  const replaced = { ...history, table: { ...history.table, epoch: 1 } };

  const asked = answerQuestion(db.pool, question(`window=1h&cursor=${cursor}`), replaced);

  await expect(asked).rejects.toMatchObject({ code: 'gone', status: 410 });
});
