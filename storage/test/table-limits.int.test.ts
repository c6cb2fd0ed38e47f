import { parseStream } from '@millrace/core/schema/parse-stream';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ensureTables } from '../table/ensure-tables.ts';
import { storedColumns } from '../table/stored-columns.ts';
import { tableOf } from '../table/table-of.ts';
import { songSchema } from './songs.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), { song: songSchema });
});
afterAll(() => bed.close());

const many = <T>(count: number, of: (n: number) => T) => Array.from({ length: count }, (_, n) => of(n));
const text = (name: string, maxLength?: number) => ({ name, type: 'string', ...(maxLength ? { maxLength } : {}) });
const parts = (table: string, fields: readonly object[]) => ({
  ...{ name: 'parts', table, type: { type: 'array', items: { type: 'record', name: 'Part', fields } } },
});

/** As many columns of a kind as the reading of a file lets pass. */
function most(of: (n: number) => object, stream: object = {}) {
  const fits = (count: number) => {
    try {
      return parseStream('most.avsc', schemaText(many(count, of), stream));
    } catch {
      return undefined;
    }
  };
  let [low, high] = [1, 1_100];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return many(low, of);
}
const schemaText = (fields: readonly object[], stream: object) =>
  JSON.stringify({ type: 'record', name: 'Made', namespace: 'test', stream: { dimensions: [], ...stream }, fields });

describe('the database makes what the reading of a file lets pass:', () => {
  it.each<[string, readonly object[], object]>([
    ['texts of 255 characters', most((n) => text(`t${n}`, 255)), {}],
    ['texts of 63 characters', most((n) => text(`t${n}`, 63)), {}],
    ['texts of 64 characters', most((n) => text(`t${n}`, 64)), {}],
    ['texts of 20 characters', most((n) => text(`t${n}`, 20)), {}],
    ['long texts', most((n) => text(`t${n}`)), {}],
    ['maps', most((n) => ({ name: `m${n}`, type: { type: 'map', values: 'int' } })), {}],
    ['booleans that may be null', most((n) => ({ name: `b${n}`, type: ['null', 'boolean'], default: null })), {}],
    ['doubles that may be null', most((n) => ({ name: `d${n}`, type: ['null', 'double'], default: null })), {}],
    [
      'decimals',
      most((n) => ({
        name: `d${n}`,
        type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 10 }],
        default: null,
      })),
      {},
    ],
    ['dimensions', many(61, (n) => ({ name: `d${n}`, type: 'int' })), { dimensions: many(61, (n) => `d${n}`) }],
    ['a dimension of 700 characters', [text('d', 700)], { dimensions: ['d'] }],
    ['a name of 61 letters', [text('d'.repeat(61), 10)], { dimensions: ['d'.repeat(61)] }],
    [
      'an upsert stream by event id too',
      [text('k', 500)],
      { store: 'upsert', key: 'k', dimensions: ['k', 'event_id'] },
    ],
    [
      'a child table of a long key',
      [text('k', 700), parts('limit_parts', [text('a', 255)])],
      { store: 'upsert', key: 'k' },
    ],
    ['odd names', ['toString', 'constructor', 'rowid', 'key', 'select', 'order'].map((name) => text(name, 20)), {}],
  ])('%s', async (name, fields, stream) => {
    const table = tableOf(
      parseStream(`${name.replaceAll(/\W+/g, '-').toLowerCase()}.avsc`, schemaText(fields, stream)),
    );

    await ensureTables(bed.db, [table], bed.log);

    expect(await storedColumns(bed.db, table.name)).toHaveLength(fields.length + 4 + 3 - table.children.length);
  });
});
