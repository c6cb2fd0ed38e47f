import { describe, expect, it } from 'vitest';
import { parseStream } from './parse-stream.ts';

const fields = [
  { name: 'bike', type: 'string' },
  { name: 'metres', type: 'double' },
  { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
];
const file = (stream: object, extra: object = {}) =>
  JSON.stringify({ type: 'record', name: 'Ride', namespace: 'test', doc: 'A ride.', stream, fields, ...extra });

describe('parseStream', () => {
  it('takes its names from the file where the schema is silent', () => {
    const stream = parseStream('fitness/long-rides.avsc', file({}));

    expect(stream).toMatchObject({
      name: 'long-rides',
      topic: 'long-rides',
      subject: 'long-rides-value',
      table: 'long_rides',
      domain: 'fitness',
      path: '/streams/long-rides',
      store: 'append',
      partitions: 3,
      retentionMs: undefined,
      rowRetentionMs: undefined,
      recordName: 'test.Ride',
    });
    expect([stream.key.name, stream.time.name, stream.dimensions.map(({ name }) => name)]).toEqual([
      'event_id',
      'ingested_at',
      ['event_id'],
    ]);
  });

  it('completes the schema with the metadata fields and registers no constraint', () => {
    const constrained = { fields: [{ name: 'metres', type: 'double', minimum: 0, unit: 'm', examples: [3] }] };

    const { fields: completed, avro } = parseStream('ride.avsc', file({}, constrained));

    expect(completed.map(({ name }) => name)).toEqual(['metres', 'event_id', 'trace_id', 'source', 'ingested_at']);
    expect(JSON.stringify(avro)).not.toMatch(/minimum|unit|examples|"stream"/);
    expect(avro.fields).toHaveLength(5);
  });

  it('registers nothing of what is generated', () => {
    const id = { name: 'id', type: { type: 'string', logicalType: 'uuid' } };

    const generated = parseStream('ride.avsc', file({}, { fields: [{ ...id, generate: 'uuid' }] }));

    expect(generated.avro).toEqual(parseStream('ride.avsc', file({}, { fields: [id] })).avro);
    expect(generated.fields[0]).toMatchObject({ name: 'id', generate: 'uuid' });
  });

  it('is posted to its path alone, unless it says otherwise', () => {
    expect(parseStream('ride.avsc', file({}))).toMatchObject({ pathAliases: [], isPosted: true });
    expect(parseStream('ride.avsc', file({ path_aliases: ['/r'], post: false }))).toMatchObject({
      pathAliases: ['/r'],
      isPosted: false,
    });
  });

  it('reads the retention of the topic and that of the rows as milliseconds', () => {
    expect(parseStream('ride.avsc', file({ retention: '30d', row_retention: '12h' }))).toMatchObject({
      retentionMs: 2_592_000_000,
      rowRetentionMs: 43_200_000,
    });
    expect(parseStream('ride.avsc', file({ retention: '30d' })).rowRetentionMs).toBeUndefined();
  });

  it.each([
    [
      'a field that is not there',
      file({ key: 'user', time: 'when' }),
      /"key" names a field "user".*"time" names a field "when"/,
    ],
    ['an option it does not know', file({ keys: 'bike' }), /keys/],
    [
      'a retention that is no length of time',
      file({ retention: 'never', row_retention: '90 days' }),
      /"stream.retention" must be like "30d".*"stream.row_retention" must be like "30d"/,
    ],
    ['a time that is no timestamp', file({ time: 'metres' }), /time "metres" must be a timestamp/],
    ['a measure that is no number', file({ measures: ['bike'] }), /measure "bike" must be a number/],
    ['a metadata field of its own', file({}, { fields: [{ name: 'event_id', type: 'string' }] }), /"event_id"/],
    ['an unknown type', file({}, { fields: [{ name: 'a', type: 'strin' }] }), /field "a": unknown type "strin"/],
    [
      'a union that JSON cannot tell apart',
      file({}, { fields: [{ name: 'a', type: ['int', 'double'] }] }),
      /look alike/,
    ],
    ['a type that holds itself', file({}, { fields: [{ name: 'next', type: ['null', 'Ride'] }] }), /contains itself/],
    ['a default of another type', file({}, { fields: [{ name: 'a', type: 'int', default: 'x' }] }), /default/],
    ['text that is not JSON', '{', /is not JSON/],
    ['something that is no record', '[]', /must be an Avro record/],
  ])('refuses %s and says so', (_, text, message) => {
    expect(() => parseStream('ride.avsc', text)).toThrow(message);
  });
});
