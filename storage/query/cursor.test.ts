import { createHmac } from 'node:crypto';
import type { SqlType } from '@millrace/core/table/sql-type';
import { describe, expect, it } from 'vitest';
import { createCursor } from './cursor.ts';
import { storedLiteral } from './stored-literal.ts';

const datetime: SqlType = { name: 'datetime', digits: 3 };
const TIME = '2026-03-14 07:00:00.000';

/** A cursor with the right check, around a body of anybody's choice. */
function forged(list: string, body: string | Buffer): string {
  const bytes = Buffer.from(body);
  const check = createHmac('sha256', list).update(bytes).digest().subarray(0, 6);
  return Buffer.concat([check, bytes]).toString('base64url');
}

describe('a cursor', () => {
  it.each<[string, SqlType, string | number, string]>([
    [
      'uuid',
      { name: 'char', size: 36, ascii: true },
      'd290f1ee-6c54-4b01-90e6-d701748f0851',
      "'d290f1ee-6c54-4b01-90e6-d701748f0851'",
    ],
    ['text', { name: 'varchar', size: 40 }, "\uFEFF'; DROP -- é", "'\uFEFF\\'; DROP -- é'"],
    ['double', { name: 'double' }, 984.7633333333333, '984.7633333333333'],
    ['small double', { name: 'double' }, 5e-324, '5e-324'],
    [
      'decimal',
      { name: 'decimal', precision: 38, scale: 2 },
      '123456789012345678901234.56',
      '123456789012345678901234.56',
    ],
    ['bigint', { name: 'bigint' }, 9007199254740990, '9007199254740990'],
    ['date', { name: 'date' }, '2026-03-14', "'2026-03-14'"],
    ['time', { name: 'time', digits: 6 }, '23:59:59.999999', "'23:59:59.999999'"],
    ['datetime', { name: 'datetime', digits: 6 }, '2026-03-14 07:00:00.000001', "'2026-03-14 07:00:00.000001'"],
  ])('of a list by %s comes back as what the column compares with exactly', (_, key, stored, literal) => {
    const cursor = createCursor('list', { time: datetime, key });

    const position = cursor.read(cursor.write({ time: TIME, key: stored }));

    expect(position).toEqual({ time: TIME, key: stored });
    expect(storedLiteral(key, position?.key ?? '')).toBe(literal);
  });

  it.each([
    'not JSON',
    '',
    '{',
    '[]',
    '["2026-03-14 07:00:00.000"]',
    '["2026-03-14 07:00:00.000", null]',
    '["2026-03-14 07:00:00.000", {}]',
    '["2026-03-14 07:00:00.000", ["a"]]',
    '["2026-03-14 07:00:00.000", 7]',
    '["2026-03-14 07:00:00.000", "é"]',
    '["9999-99-99 99:99:99.999", "a"]',
    '["0000-00-00 00:00:00.000", "a"]',
    '["2026-02-30 07:00:00.000", "a"]',
    '["2026-03-14 07:00:00.000\' OR 1=1", "a"]',
    '[7, "a"]',
    '["2026-03-14 07:00:00.000", "a", "b"]',
    '{"0": "2026-03-14 07:00:00.000", "1": "a"}',
    Buffer.from([0xff, 0xfe]),
  ])('with the right check but a body that no list wrote is none: %s', (body) => {
    const cursor = createCursor('list', { time: datetime, key: { name: 'char', size: 36, ascii: true } });

    expect(cursor.read(forged('list', '["2026-03-14 07:00:00.000", "a"]'))).toBeDefined();
    expect(cursor.read(forged('list', body))).toBeUndefined();
  });

  it('of numbers takes no text, nor what a number can not hold', () => {
    const cursor = createCursor('list', { time: datetime, key: { name: 'double' } });

    expect(
      ['"7"', '1e999', 'true', '"0 OR 1=1"'].map((key) => cursor.read(forged('list', `["${TIME}", ${key}]`))),
    ).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('of another list, or an edited one, is none', () => {
    const key: SqlType = { name: 'varchar', size: 40 };
    const written = createCursor('one', { time: datetime, key }).write({ time: TIME, key: 'a' });

    expect(createCursor('two', { time: datetime, key }).read(written)).toBeUndefined();
    expect(createCursor('one', { time: datetime, key }).read(`${written}A`)).toBeUndefined();
    expect(createCursor('one', { time: datetime, key }).read('')).toBeUndefined();
  });
});
