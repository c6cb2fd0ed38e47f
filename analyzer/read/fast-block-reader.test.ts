import { avscType } from '@millrace/core/schema/avsc-type';
import type { Value } from '@millrace/core/schema/from-json';
import { parseStream } from '@millrace/core/schema/parse-stream';
import type { Batch } from '@millrace/core/stream/consume';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { randomFrom } from '@millrace/testing/random-from';
import { describe, expect, it } from 'vitest';
import type { ColumnVector } from './column-vectors.ts';
import { fastBlockReader } from './fast-block-reader.ts';
import { blockReader } from './read-block.ts';

const kinds = {
  flag: 'boolean',
  small: 'int',
  large: 'long',
  single: 'float',
  double: 'double',
  text: 'string',
  kind: { type: 'enum', name: 'Kind', symbols: ['A', 'B', 'third'] },
  user: { type: 'string', logicalType: 'uuid' },
  at: { type: 'long', logicalType: 'timestamp-millis' },
  day: { type: 'int', logicalType: 'date' },
  clock: { type: 'int', logicalType: 'time-millis' },
  clock_micros: { type: 'long', logicalType: 'time-micros' },
  at_micros: { type: 'long', logicalType: 'timestamp-micros' },
};
const file = (fields: readonly object[]) => JSON.stringify({ type: 'record', name: 'Plain', fields });
const stream = parseStream(
  'plain.avsc',
  file(
    Object.entries(kinds).flatMap(([name, type]) => [
      { name, type },
      ...(name === 'kind' ? [] : [{ name: `maybe_${name}`, type: ['null', type], default: null }]),
    ]),
  ),
);
const type = avscType(stream.avro);
const encode = createEncoder(type, 7);
const registry = { writerType: async () => type };
const below = randomFrom(1);
const random = () => below(2 ** 32) / 2 ** 32;
const upTo = (most: number) => Math.floor(random() * most);
const uuid = () => `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`;
const hex = (digits: number) =>
  Array.from({ length: digits }, () => '0123456789abcdefABCDEF'.charAt(upTo(22))).join('');
const texts = ['', 'a', 'longer than twelve bytes', 'Zoë 🦆', 'x'.repeat(3_000), '\u0000'];

function value(): Value {
  const plain: Value = {
    flag: random() < 0.5,
    small: upTo(2 ** 32) - 2 ** 31,
    large: (upTo(2) * 2 - 1) * upTo(2 ** upTo(52)),
    single: Math.fround(random() * 1e9),
    double: random() < 0.1 ? -Number.MAX_VALUE : (random() - 0.5) * 1e12,
    text: texts[upTo(texts.length)],
    user: uuid(),
    at: upTo(2e14) - 2e13,
    day: upTo(3_000_000) - 300_000,
    clock: upTo(86_400_000),
    clock_micros: upTo(86_400_000_000),
    at_micros: upTo(2 ** 51) - 2 ** 50,
  };
  const maybe = Object.entries(plain).map(([name, each]) => [`maybe_${name}`, random() < 0.5 ? null : each]);
  const own = { event_id: uuid(), trace_id: 'f'.repeat(32), source: 'test', ingested_at: 0 };
  return { ...plain, kind: ['A', 'B', 'third'][upTo(3)], ...Object.fromEntries(maybe), ...own };
}

const batchOf = (values: readonly (Buffer | null)[]): Batch => ({
  ...{ topic: 'plain', partition: 2, fromOffset: 5n, nextOffset: 99n, logEndOffset: 99n },
  records: values.map((each, i) => ({
    offset: BigInt(5 + i),
    key: null,
    value: each,
    headers: {},
    appendTime: 100 - i,
  })),
});

/** ColumnVector in a form in which both ways of reading can be compared. */
function comparable(cells: ColumnVector, rows: number): unknown {
  if (cells.kind === 'fixed') return [Buffer.from(cells.data).toString('hex'), [...(cells.nulls ?? [])]];
  if (cells.kind !== 'bytes') return cells.values;
  const { data, bounds, nulls } = cells;
  return Array.from({ length: rows }, (_, row) =>
    nulls?.[row] === 1 ? null : Buffer.from(data.subarray(bounds[row * 2], bounds[row * 2 + 1])).toString(),
  );
}

describe('fastBlockReader', () => {
  const plain = fastBlockReader(stream, registry);

  it('reads 2,000 random records into what decoding them gives', async () => {
    const batch = batchOf(Array.from({ length: 2_000 }, () => encode(value())));
    const decoding = blockReader(stream, async (values) =>
      values.map((bytes) => ({ value: type.fromBuffer((bytes ?? Buffer.alloc(5)).subarray(5)) })),
    );

    const [ours, theirs] = [await plain(batch, 98), await decoding(batch, 98)];

    const inComparison = ({ block, ...rest }: typeof theirs) => ({
      ...{ ...rest, ...block },
      cells: block?.cells.map((cells) => comparable(cells, 2_000)),
    });
    expect(ours && inComparison(ours)).toEqual(inComparison(theirs));
  });

  const good = value();
  const bytes = Buffer.from(encode(good));
  it.each([
    ['without a value', null],
    ['not in the wire format', Buffer.from('{}')],
    ['cut short', bytes.subarray(0, -3)],
    ['with bytes left over', Buffer.concat([bytes, Buffer.from([0])])],
    ['with a uuid that is none', Buffer.from(encode({ ...good, user: `${'0'.repeat(35)}-` }))],
    ['with a time of day past midnight', Buffer.from(encode({ ...good, clock: 86_400_000 }))],
    ['with a time past the year 9999', Buffer.from(encode({ ...good, at: Date.UTC(9999, 11, 31, 24) }))],
    ['with a day before the year 1000', Buffer.from(encode({ ...good, day: Date.UTC(1000, 0, 0) / 86_400_000 }))],
    ['with a double that is NaN', Buffer.from(encode({ ...good, double: Number.NaN }))],
    ['with a float that is infinite', Buffer.from(encode({ ...good, single: Number.NEGATIVE_INFINITY }))],
    ['with text that is not UTF-8', Buffer.from(bytes.toString('latin1').replace('test', 'te\xffst'), 'latin1')],
  ])('leaves to the other way a batch with a record %s', async (_, odd) => {
    expect(await plain(batchOf([bytes]), 0)).toBeDefined();
    expect(await plain(batchOf([bytes, odd]), 0)).toBeUndefined();
  });

  it('leaves to the other way a batch with a key that ends with a space, where the newest row of a key is kept', async () => {
    const schema = { type: 'record', name: 'Plain', fields: [{ name: 'k', type: 'string' }] };
    const of = (store: string) => parseStream('keys.avsc', JSON.stringify({ ...schema, stream: { key: 'k', store } }));
    const keyed = avscType(of('append').avro);
    const read = async (store: string, k: string) =>
      fastBlockReader(of(store), { writerType: async () => keyed })(
        batchOf([createEncoder(keyed, 7)({ ...value(), k })]),
        0,
      );

    expect(await read('upsert', 'a ')).toBeUndefined();
    expect([await read('upsert', 'a'), await read('upsert', ''), await read('append', 'a ')]).not.toContain(undefined);
  });

  it('leaves to the other way what was written under another schema, and fields with parts', async () => {
    const other = parseStream('plain.avsc', file([{ name: 'small', type: 'long' }]));
    const parts = parseStream('plain.avsc', file([{ name: 'tags', type: { type: 'array', items: 'string' } }]));
    const empty = createEncoder(avscType(parts.avro), 7)({ ...value(), tags: [] });

    expect(await fastBlockReader(other, registry)(batchOf([bytes]), 0)).toBeUndefined();
    expect(
      await fastBlockReader(parts, { writerType: async () => avscType(parts.avro) })(batchOf([empty]), 0),
    ).toBeUndefined();
  });
});
