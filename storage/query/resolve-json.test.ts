import { avscType } from '@millrace/core/schema/avsc-type';
import { parseAvroRecord } from '@millrace/core/schema/parse-avro';
import { compileToJson } from '@millrace/core/schema/to-json';
import { describe, expect, it } from 'vitest';
import { resolveJson } from './resolve-json.ts';

type Type = object | string;

const schemaOf = (type: Type) => ({ type: 'record', name: 'R', fields: [{ name: 'it', type }] }) as const;
const record = (...fields: object[]) => ({ type: 'record', name: 'Inner', fields });
const int = { name: 'a', type: 'int' };
const kind = (...symbols: string[]) => ({ type: 'enum', name: 'Kind', symbols, default: symbols[0] });

/** A type as it was, as it is, and a value that was written under the first. */
const cases: [string, Type, Type, unknown][] = [
  ['a nested field that was renamed', record(int), record({ name: 'b', type: 'int', aliases: ['a'] }), { a: 1 }],
  ['one renamed twice', record(int), record({ name: 'c', type: 'int', aliases: ['b', 'a'] }), { a: 1 }],
  ['a nested field that was added', record(int), record(int, { name: 'b', type: 'string', default: 'x' }), { a: 1 }],
  [
    'one that was added with bytes',
    record(int),
    record(int, { name: 'b', type: 'bytes', default: '\u00ff' }),
    { a: 1 },
  ],
  ['a nested field that is gone', record(int, { name: 'b', type: 'int' }), record(int), { a: 1, b: 2 }],
  ['a nested field that was promoted', record(int), record({ name: 'a', type: 'double' }), { a: 1 }],
  [
    'a symbol that is gone',
    record({ name: 'k', type: kind('A', 'B') }),
    record({ name: 'k', type: kind('A', 'C') }),
    { k: 'B' },
  ],
  [
    'records in an array',
    { type: 'array', items: record(int) },
    { type: 'array', items: record({ name: 'b', type: 'int', aliases: ['a'] }) },
    [{ a: 1 }, { a: 2 }],
  ],
  [
    'records in a map',
    { type: 'map', values: record(int) },
    { type: 'map', values: record({ name: 'b', type: 'int', aliases: ['a'] }) },
    { x: { a: 1 } },
  ],
  ['symbols in an array', { type: 'array', items: kind('A', 'B') }, { type: 'array', items: kind('A') }, ['A', 'B']],
];

describe('a value that is stored as JSON under an older schema', () => {
  it.each(cases)('reads as Avro reads its record under the newest: %s', (_, was, is, value) => {
    const [older, newer] = [avscType(schemaOf(was)), avscType(schemaOf(is))];
    const fields = (type: Type) => parseAvroRecord(schemaOf(type)).fields;
    const bytes = older.toBuffer({ it: value });
    const stored = compileToJson(fields(was))(older.fromBuffer(bytes)).it;
    const byAvro = compileToJson(fields(is))(newer.fromBuffer(bytes, newer.createResolver(older))).it;

    const [field] = fields(is);
    const resolve = field && resolveJson(field.type);
    expect(resolve ? resolve(JSON.parse(JSON.stringify(stored))) : stored).toEqual(JSON.parse(JSON.stringify(byAvro)));
  });
});
