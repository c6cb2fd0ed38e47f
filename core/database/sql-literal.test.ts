import mysql from 'mysql2';
import { expect, it } from 'vitest';
import { bytesLiteral, instantLiteral, jsonLiteral, nameLiteral, textLiteral } from './sql-literal.ts';

it('escapes text exactly as the driver does', () => {
  for (let code = 0; code < 0x3000; code += 1) {
    const text = `a${String.fromCodePoint(code)}b`;
    expect(textLiteral(text)).toBe(mysql.escape(text));
  }
  expect(textLiteral("'; DROP TABLE x; -- \\")).toBe("'\\'; DROP TABLE x; -- \\\\'");
});

it('escapes of JSON only what would end it', () => {
  const json = JSON.stringify({ name: 'it\'s "so"\n', path: 'C:\\' });

  expect(jsonLiteral(json)).toBe(mysql.escape(json).replaceAll('\\"', '"'));
});

it('writes every instant as the calendar has it, whatever came before', () => {
  const instants = Array.from({ length: 4_000 }, (_, n) => Date.UTC(1000, 0, 1) + n * 71_000_000_007);
  for (const millis of [...instants, -1, 0, 86_399_999, 86_400_000, Date.UTC(9999, 11, 31, 23, 59, 59, 999)])
    expect(instantLiteral(millis)).toBe(`'${new Date(millis).toISOString().slice(0, 23).replace('T', ' ')}'`);
});

it('writes bytes, instants and names as SQL does', () => {
  expect(bytesLiteral(Buffer.from([0, 255]))).toBe("X'00ff'");
  expect(instantLiteral(Date.parse('2026-03-14T07:32:10.025Z'))).toBe("'2026-03-14 07:32:10.025'");
  expect(nameLiteral('a`b')).toBe('`a``b`');
});
