import { openDatabase } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { parseStream } from '@millrace/core/schema/parse-stream';
import { sqlTypeText } from '@millrace/core/table/sql-type';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { RangeQuery } from '../query/range-query.ts';
import { readRows } from '../query/read-rows.ts';
import { compileSelectPage } from '../query/select-page.ts';
import { compileRemoveExpired } from '../retention/remove-expired.ts';
import { ensureTables } from '../table/ensure-tables.ts';
import { storedColumns } from '../table/stored-columns.ts';
import { tableOf } from '../table/table-of.ts';
import { openSink } from '../write/open-sink.ts';
import { listingSchema } from './listings.ts';
import { songSchema, songs } from './songs.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), { song: songSchema });
});
afterAll(() => bed.close());

const streamOf = (name: string, fields: readonly object[], stream: object = {}) =>
  parseStream(
    `${name}.avsc`,
    JSON.stringify({ type: 'record', name: 'Made', namespace: 'test', stream: { dimensions: [], ...stream }, fields }),
  );
const tableFor = (name: string, fields: readonly object[], stream: object = {}) =>
  tableOf(streamOf(name, fields, stream));
const columnsOf = async (table: string) =>
  Object.fromEntries(
    (await storedColumns(bed.db, table)).map(({ name, type, nullable }) => {
      const text = type.name === 'other' ? type.text : (sqlTypeText(type).split(' ')[0] ?? '');
      return [name, nullable ? `${text} NULL` : text];
    }),
  );

describe('a table made from a schema', () => {
  it('has a type that fits for every Avro type', async () => {
    const logical = (type: string, logicalType: string, more = {}) => ({ type, logicalType, ...more });
    const table = tableFor('every-type', [
      { name: 'flag', type: 'boolean' },
      { name: 'small', type: 'int' },
      { name: 'big', type: 'long' },
      { name: 'real', type: 'double' },
      { name: 'short_text', type: 'string', maxLength: 40 },
      { name: 'long_text', type: 'string', maxLength: 5_000 },
      { name: 'any_text', type: 'string' },
      { name: 'raw', type: 'bytes' },
      { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
      { name: 'id', type: logical('string', 'uuid') },
      { name: 'day', type: logical('int', 'date') },
      { name: 'clock', type: logical('int', 'time-millis') },
      { name: 'at', type: ['null', logical('long', 'timestamp-millis')], default: null },
      { name: 'at_micros', type: logical('long', 'timestamp-micros') },
      { name: 'price', type: logical('bytes', 'decimal', { precision: 12, scale: 2 }) },
      { name: 'labels', type: { type: 'map', values: 'string' } },
    ]);

    await ensureTables(bed.db, [table], bed.log);

    const { labels, ...columns } = await columnsOf('every_type');
    expect(labels).toBe('JSON');
    expect(columns).toMatchObject({
      flag: 'TINYINT(1)',
      small: 'INT',
      big: 'BIGINT',
      real: 'DOUBLE',
      short_text: 'VARCHAR(40)',
      long_text: 'TEXT',
      any_text: 'MEDIUMTEXT',
      raw: 'MEDIUMBLOB',
      kind: 'VARCHAR(255)',
      id: 'CHAR(36)',
      day: 'DATE',
      clock: 'TIME(3)',
      at: 'DATETIME(3) NULL',
      at_micros: 'DATETIME(6)',
      price: 'DECIMAL(12,2)',
      event_id: 'CHAR(36)',
      stored_at: 'DATETIME(3)',
    });
  });

  it('is widened and never narrowed, keeps its rows, and agrees when replicas start together', async () => {
    const before = tableFor('growing', [
      { name: 'title', type: 'string', maxLength: 20 },
      { name: 'seats', type: 'int' },
      { name: 'gone', type: 'string', maxLength: 20 },
      { name: 'wide', type: 'string', maxLength: 200 },
    ]);
    const after = tableFor(
      'growing',
      [
        { name: 'title', type: 'string', maxLength: 100 },
        { name: 'seats', type: 'long' },
        { name: 'wide', type: ['null', 'string'], maxLength: 50, default: null },
        { name: 'city', type: 'string', maxLength: 60, default: "L'Assomption" },
        { name: 'notes', type: 'string', default: 'none' },
        { name: 'labels', type: { type: 'map', values: 'string' }, default: { a: 'b' } },
      ],
      { dimensions: ['city'] },
    );
    await ensureTables(bed.db, [before], bed.log);
    await bed.db.raw(
      "INSERT INTO growing (title, seats, gone, wide, event_id, trace_id, source, ingested_at, stored_at, topic_partition, record_offset) VALUES ('t', 7, 'g', 'w', 'id', 't', 's', '2026-01-01', '2026-01-01', 0, 0)",
    );

    await Promise.all([1, 2, 3].map(() => ensureTables(bed.db, [after], bed.log)));
    await ensureTables(bed.db, [before], bed.log);

    expect(await columnsOf('growing')).toMatchObject({
      title: 'VARCHAR(100)',
      seats: 'BIGINT',
      gone: 'VARCHAR(20) NULL',
      wide: 'VARCHAR(200) NULL',
      city: 'VARCHAR(60)',
    });
    const [row] = await selectRows<object>(bed.db, 'SELECT title, seats, gone, wide, city, notes, labels FROM growing');
    expect(row).toEqual({
      title: 't',
      seats: 7,
      gone: 'g',
      wide: 'w',
      city: "L'Assomption",
      notes: 'none',
      labels: expect.stringMatching(/^\{"a": ?"b"\}$/),
    });
  });

  it('leaves connections on which a hung process does not hold its locks', async () => {
    const db = openDatabase(bed.databaseUrl, { poolSize: 2 });
    await ensureTables(db, [tableFor('watched', [{ name: 'size', type: 'int' }])], bed.log);

    const both = await Promise.all([db.transaction(), db.transaction()]);
    const idle = await Promise.all(both.map((trx) => selectRows(trx, 'SELECT @@SESSION.wait_timeout AS seconds')));

    await Promise.all(both.map((trx) => trx.rollback()));
    await db.close();
    expect(idle).toEqual([[{ seconds: 15 }], [{ seconds: 15 }]]);
  });

  it('is refused with both sides named when no type holds both', async () => {
    await ensureTables(bed.db, [tableFor('stubborn', [{ name: 'size', type: 'string', maxLength: 20 }])], bed.log);

    const change = ensureTables(bed.db, [tableFor('stubborn', [{ name: 'size', type: 'double' }])], bed.log);

    await expect(change).rejects.toThrow(/stubborn, column size: it is VARCHAR\(20\).*asks for DOUBLE/);
  });

  it('that the database refuses for good is a fault to end with, not a database to wait for', async () => {
    await bed.db.raw('CREATE TABLE crowded (a VARCHAR(65000) CHARACTER SET ascii NULL) ENGINE=InnoDB');

    const change = ensureTables(
      bed.db,
      [tableFor('crowded', [{ name: 'b', type: 'string', maxLength: 400 }])],
      bed.log,
    );

    await expect(change).rejects.toMatchObject({
      code: 'invalid-schema',
      retriable: false,
      message: expect.stringMatching(/^crowded\.avsc: the database refuses its table crowded: .*row size/i),
    });
  });
});

describe('every statement of the row API', () => {
  const page: Omit<RangeQuery, 'cursorAt'> = {
    from: undefined,
    to: undefined,
    filters: new Map(),
    limit: 101,
    order: 'asc',
    csvFor: 'data',
    after: undefined,
  };
  const after = { time: '2026-03-14 07:00:00.000', key: '00000000-0000-4000-8000-000000000000' };
  const from = BigInt(Date.parse('2026-03-14T00:00:00Z')) * 1_000n;
  const user = new Map([['user_id', "user_id = 'd290f1ee-6c54-4b01-90e6-d701748f0851'"]]);
  const artist = new Map([['artist', "artist = 'Nina' AND LENGTH(artist) = 4"]]);

  beforeAll(async () => {
    const table = tableOf(bed.stream('song'));
    await ensureTables(bed.db, [table], bed.log);
    const columns = table.columns.map(({ name }) => name);
    const tuples = songs(5_000).map((value: Record<string, unknown>) =>
      table.columns.map(({ name, literal }) => literal(value[name])).join(','),
    );
    await changeRows(
      bed.db,
      `INSERT INTO \`${table.name}\` (${columns.join(',')}, stored_at, topic_partition, record_offset)
       VALUES ${tuples.map((tuple) => `(${tuple}, NOW(3), 0, 0)`).join(',')}`,
    );
    await bed.db.raw(`ANALYZE TABLE \`${table.name}\``);
  });

  it.each([
    ['the newest', { ...page, order: 'desc' as const }],
    ['a range', { ...page, from, to: from + 1_000_000n }],
    ['a range from a cursor', { ...page, from, after }],
    ['a page backwards from a cursor', { ...page, order: 'desc' as const, after }],
    ['the rows of a key', { ...page, filters: user }],
    ['a range of a dimension from a cursor', { ...page, filters: artist, from, after }],
  ])('walks an index for %s, and sorts nothing', async (_, query) => {
    const stream = bed.stream('song');
    const table = tableOf(stream);

    const plan = await selectRows<{ key: string | null; Extra: string | null }>(
      bed.db,
      `EXPLAIN ${compileSelectPage(stream, table)(query)}`,
    );

    expect(plan).toHaveLength(1);
    expect(plan[0]?.key).toMatch(/^by_/);
    expect(plan[0]?.Extra ?? '').not.toMatch(/filesort|temporary/);
  });

  it('walks an index also for a single row and for what is expired', async () => {
    const stream = bed.stream('song');
    const sink = openSink(stream, bed.registry);
    const [some] = await selectRows<{ event_id: string }>(bed.db, `SELECT event_id FROM \`${stream.table}\` LIMIT 1`);
    const statements: string[] = [];
    const note = ({ sql }: { sql: string }) => statements.push(sql);
    bed.db.on('query', note);
    await readRows(bed.db, stream, sink.table, 10_000).find(some?.event_id ?? '');
    await compileRemoveExpired(sink, Date.now() - Date.parse('2026-03-14T00:00:00Z'))(bed.db);
    bed.db.off('query', note);

    const selects = statements.filter((sql) => sql.startsWith('SELECT'));
    const plans = await Promise.all(selects.map((sql) => selectRows<{ key: string | null }>(bed.db, `EXPLAIN ${sql}`)));

    expect(plans.map(([plan]) => plan?.key)).toEqual(['PRIMARY', 'by_timestamp']);
  });

  it('finds child rows by their key', async () => {
    const table = tableOf(parseStream('listing.avsc', JSON.stringify(listingSchema)));
    await ensureTables(bed.db, [table], bed.log);

    const plan = await selectRows<{ possible_keys: string | null }>(
      bed.db,
      "EXPLAIN SELECT * FROM listing_zones WHERE parent_key IN ('a', 'b') ORDER BY parent_key",
    );

    expect(plan[0]?.possible_keys).toBe('PRIMARY');
  });
});
