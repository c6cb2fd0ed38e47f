import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStream } from '../schema/parse-stream.ts';
import { type AcceptedRecord, compileRecord, type RejectedRecord, type ToRecord } from './compile-record.ts';

const inner = { type: 'record', name: 'Inner', fields: [{ name: 'd', type: 'double' }] };
const fields = [
  { name: 'i', type: 'int' },
  { name: 'd', type: 'double' },
  { name: 'f', type: ['null', 'float'], default: null },
  { name: 'm', type: { type: 'map', values: 'double' } },
  { name: 'u', type: ['null', { type: 'map', values: 'string' }, 'string'], default: null },
  { name: 'a', type: { type: 'array', items: inner } },
  { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
  { name: 'p', type: { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 4 } },
  { name: 'id', type: { type: 'string', logicalType: 'uuid' } },
];
const stream = parseStream('things.avsc', JSON.stringify({ type: 'record', name: 'Thing', fields }));
const context = { traceId: '0'.repeat(32), traceparent: '', source: 'test' };
const compiled = compileRecord(stream, 1, () => 3);

/** As text, because what is compared is how a record is written. */
function accept(json: string, toRecord: ToRecord = compiled): AcceptedRecord | RejectedRecord {
  return toRecord({ input: JSON.parse(json), at: '', eventId: 'd290f1ee-6c54-4b01-90e6-d701748f0851' }, context);
}
function contentOf(json: string): string | undefined {
  const record = accept(json);
  if (record.faults) throw new Error(JSON.stringify(record.faults));
  return record.content?.();
}

type Thing = Readonly<Record<'i' | 'd' | 'f' | 'm' | 'u' | 'a' | 'at' | 'p' | 'id', string>>;
const id = 'd290f1ee-6c54-4b01-90e6-d701748f0851';
const thing: Thing = {
  ...{ i: '1', d: '0', f: '0.5', m: '{"a":1,"b":0}', u: '{"x":"1","y":"2"}', a: '[{"d":0}]' },
  ...{ at: '"2026-03-14T07:32:10.000Z"', p: '"12.50"', id: `"${id}"` },
};
const written = (given: Partial<Thing> = {}) =>
  `{${Object.entries({ ...thing, ...given })
    .map(([name, text]) => `"${name}":${text}`)
    .join()}}`;

describe('the content of a record', () => {
  it.each<[string, Partial<Thing>]>([
    ['number forms', { i: '1.0', d: '0.0e5', p: '12.5' }],
    ['zero with a sign', { d: '-0', a: '[{"d":-0.0}]', m: '{"a":1,"b":-0}' }],
    ['the order of a map’s keys', { m: '{"b":0,"a":1}' }],
    ['the order of a map’s keys in a union', { u: '{"y":"2","x":"1"}' }],
    ['another offset of the same instant', { at: '"2026-03-14T08:32:10+01:00"' }],
    ['upper case in a uuid', { id: `"${id.toUpperCase()}"` }],
    ['escapes', { u: '{"\\u0078":"\\u0031","y":"2"}' }],
  ])('is the same for %s', (_, given) => {
    expect(contentOf(written(given))).toBe(contentOf(written()));
  });

  it('is the same for the fields in any order, and with a default written out', () => {
    const { f: _, ...rest } = thing;
    const reversed = `{${Object.entries(thing)
      .reverse()
      .map(([name, text]) => `"${name}":${text}`)
      .join()}}`;
    const bare = `{${Object.entries(rest)
      .map(([name, text]) => `"${name}":${text}`)
      .join()}}`;

    expect(contentOf(reversed)).toBe(contentOf(written()));
    expect(contentOf(bare)).toBe(contentOf(written({ f: 'null' })));
  });

  it.each<[string, Partial<Thing>]>([
    ['another number', { d: '5e-324' }],
    ['a value moved in a map', { m: '{"a":0,"b":1}' }],
    ['another branch of a union', { u: '"x"' }],
    ['a microsecond', { at: '"2026-03-14T07:32:10.000001Z"' }],
    ['another element', { a: '[{"d":0},{"d":0}]' }],
  ])('differs by %s', (_, given) => {
    expect(contentOf(written(given))).not.toBe(contentOf(written()));
  });

  it('is the same for every order of every map, and differs with its entries', () => {
    const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });
    const maps = fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      doubles,
    );
    const shuffled = maps.chain((map) =>
      fc
        .shuffledSubarray(Object.entries(map), { minLength: Object.keys(map).length })
        .map((entries) => [map, entries] as const),
    );
    const text = (entries: readonly (readonly [string, number])[]) =>
      `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${Object.is(value, -0) ? '-0' : JSON.stringify(value)}`).join()}}`;

    fc.assert(
      fc.property(shuffled, ([map, entries]) => {
        const content = contentOf(written({ m: text(Object.entries(map)) }));
        expect(contentOf(written({ m: text(entries) }))).toBe(content);
        expect(contentOf(written({ m: text([...entries, ['one more', 1]]) }))).not.toBe(
          'one more' in map ? '' : content,
        );
      }),
    );
  });

  it('does not change what is written: zero keeps its sign', () => {
    const [plus, minus] = [accept(written()), accept(written({ d: '-0' }))];

    expect('record' in plus && 'record' in minus && plus.record.value?.equals(minus.record.value ?? Buffer.of())).toBe(
      false,
    );
  });
});

describe('a record that can’t be encoded', () => {
  it('is rejected by itself, with what was thrown', () => {
    const error = new Error('a bug');
    const broken = compileRecord(stream, 1, () => {
      throw error;
    });

    expect(accept(written(), broken)).toEqual({
      faults: [{ pointer: '', message: 'could not be encoded; the log has the reason under this trace_id' }],
      error,
    });
  });

  it('names only the first fault where that is enough', () => {
    const all = compiled({ input: {}, at: '/data' }, context);
    const first = compiled({ input: {}, at: '/data' }, context, false);

    expect([all.faults?.length, first.faults]).toEqual([7, [{ pointer: '/data/i', message: 'is required' }]]);
  });
});
