import { describe, expect, it } from 'vitest';
import { parseStream } from '../schema/parse-stream.ts';
import type { Stream } from '../schema/stream.ts';
import { compareContracts } from './compare-contracts.ts';
import { contractSentence } from './contract-change.ts';

type Json = Readonly<Record<string, unknown>>;

const at = { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } };
const fields: readonly Json[] = [
  { name: 'rider', type: 'string', maxLength: 40 },
  { name: 'kind', type: 'string' },
  { name: 'metres', type: 'double' },
  at,
  { ...at, name: 'left_at' },
];
const block = { key: 'rider', time: 'at', measures: ['metres'], dimensions: ['rider', 'kind'] };

const rides = (stream: Json, of: readonly Json[] = fields) =>
  parseStream(
    'test/rides.avsc',
    JSON.stringify({ type: 'record', name: 'Ride', stream: { ...block, ...stream }, fields: of }),
  );

const sentences = (before: Stream, after: Stream) => compareContracts(before, after).map(contractSentence);

describe('compareContracts, on the stream block', () => {
  it.each<[string, Json, Json, string[]]>([
    ['nothing', {}, {}, []],
    [
      'the route',
      { path: '/a' },
      { path: '/b' },
      ['the route changed from /a to /b: BREAKING, as clients of the old route get 404.'],
    ],
    [
      'a route that is kept as an alias',
      { path: '/a' },
      { path: '/b', path_aliases: ['/a'] },
      ['the route changed from /a to /b: not breaking.'],
    ],
    [
      'aliases',
      { path_aliases: ['/a', '/b'] },
      { path_aliases: ['/b', '/c'] },
      ['the alias /a is gone: BREAKING, as its clients get 404.', 'the alias /c is new: not breaking.'],
    ],
    [
      'a route for posts that is taken away',
      {},
      { post: false },
      ['the stream is no longer posted to: BREAKING, as clients that post to it get 405.'],
    ],
    ['a route for posts', { post: false }, {}, ['the stream is now posted to: not breaking.']],
    [
      'the key',
      {},
      { key: 'kind' },
      [
        'the key changed from rider to kind: BREAKING, as records of one key go to other partitions than before, which loses their order across the change.',
      ],
    ],
    [
      'the event time',
      {},
      { time: 'left_at' },
      [
        'the event time changed from at to left_at: BREAKING, as ranges, windows and the order of rows go by another time, for old records too.',
      ],
    ],
    [
      'the store',
      {},
      { store: 'upsert' },
      [
        'the store changed from append to upsert: BREAKING, as only the newest record of each key is a row from now on, and the table rides has event_id as its primary key and must be created again.',
      ],
    ],
    [
      'a dimension and a measure taken away',
      {},
      { dimensions: ['rider'], measures: [] },
      [
        'the measure metres is gone: BREAKING, as GET /stats no longer answers its sum, min, max and mean.',
        'the dimension kind is gone: BREAKING, as clients that filter or group by it get 400; its index stays.',
        'kind: maxLength loosened from 255 to none: not breaking.',
      ],
    ],
    [
      'what is added',
      { dimensions: ['rider'], measures: [] },
      { count_as: 'num_rides' },
      [
        'the measure metres is new: not breaking.',
        'the dimension kind is new: not breaking.',
        'the count num_rides is new: not breaking.',
        'kind: maxLength tightened from none to 255: BREAKING, as records that were taken before are refused with 400.',
      ],
    ],
    [
      'the version of an upsert stream',
      { store: 'upsert' },
      { store: 'upsert', version: 'metres' },
      [
        'the version changed from at to metres: BREAKING, as another field says which of two records is newer, while the rows there were chosen by the old one.',
      ],
    ],
    [
      'the name of its count',
      { count_as: 'num_rides' },
      { count_as: 'rides' },
      ['the count changed from num_rides to rides: BREAKING, as GET /stats no longer answers num_rides.'],
    ],
    [
      'fewer partitions',
      { partitions: 6 },
      { partitions: 3 },
      [
        'the partitions were lowered from 6 to 3: BREAKING, as Kafka takes none away: a topic that exists keeps them, and has to be created again to have fewer.',
      ],
    ],
    [
      'more partitions and a longer history',
      { partitions: 3, retention: '30d' },
      { partitions: 6 },
      [
        'the partitions were raised from 3 to 6, which a topic that exists gets by kafka-topics --alter only: not breaking.',
        'the retention was lengthened from 720 h to forever, which a topic that exists gets by kafka-configs --alter only: not breaking.',
      ],
    ],
    [
      'a shorter history and a token',
      {},
      { retention: '30d', row_retention: '12h', access: 'token' },
      [
        'the retention was shortened from forever to 720 h, which a topic that exists gets by kafka-configs --alter only: BREAKING, as older history is then gone for good.',
        'the row retention was shortened from forever to 12 h: BREAKING, as older rows are removed from MySQL; the topic keeps their records.',
        'the access changed from open to token: BREAKING, as clients without a token are then refused.',
      ],
    ],
    [
      'another owner',
      {},
      { owner: 'source' },
      [
        `the owner changed from ${rides({}).key.name} to source: BREAKING, as tokens with read:own then find other rows.`,
      ],
    ],
  ])('says what became of %s', (_, before, after, said) => {
    expect(sentences(rides(before), rides(after))).toEqual(said);
  });

  it('takes a field that was renamed with an alias for the same one', () => {
    const renamed = fields.map((field) =>
      field.name === 'rider' ? { ...field, name: 'cyclist', aliases: ['rider'] } : field,
    );

    expect(sentences(rides({}), rides({ key: 'cyclist', dimensions: ['cyclist', 'kind'] }, renamed))).toEqual([]);
  });
});

describe('compareContracts, on constraints', () => {
  const REFUSED = 'BREAKING, as records that were taken before are refused with 400.';
  const MAYBE_REFUSED = 'BREAKING, as records that were taken before may be refused with 400.';
  const distance = (constraints: Json) =>
    rides({ dimensions: ['rider'] }, [...fields, { name: 'distance', type: 'double', ...constraints }]);
  const note = (constraints: Json) =>
    rides({}, [...fields, { name: 'note', type: ['null', 'string'], ...constraints }]);

  it.each<[Json, Json, string[]]>([
    [{ minimum: 0 }, { minimum: 5 }, [`distance: minimum tightened from 0 to 5: ${REFUSED}`]],
    [{ minimum: 5 }, { minimum: 0 }, ['distance: minimum loosened from 5 to 0: not breaking.']],
    [{ maximum: 5 }, { maximum: 9 }, ['distance: maximum loosened from 5 to 9: not breaking.']],
    [{}, { maximum: 9 }, [`distance: maximum tightened from none to 9: ${REFUSED}`]],
    [
      { unit: 'm' },
      { unit: 'km' },
      ['distance: unit changed from m to km: BREAKING, as the numbers stored before meant another unit.'],
    ],
    [{}, { unit: 'm', doc: 'How far.', examples: [3] }, ['distance: unit changed from none to m: not breaking.']],
  ])('of a number: %j to %j', (before, after, said) => {
    expect(sentences(distance(before), distance(after))).toEqual(said);
  });

  it.each<[Json, Json, string[]]>([
    [
      { minLength: 1, maxLength: 9 },
      { maxLength: 5 },
      ['note: minLength loosened from 1 to none: not breaking.', `note: maxLength tightened from 9 to 5: ${REFUSED}`],
    ],
    [{ pattern: '^a' }, {}, ['note: pattern ^a loosened to none: not breaking.']],
    [{}, { pattern: '^a' }, [`note: pattern tightened from none to ^a: ${MAYBE_REFUSED}`]],
    [{}, { generate: 'uuid' }, ['note: what fills it when it is left out changed from nothing to uuid: not breaking.']],
    [
      { generate: 'uuid' },
      { default: null },
      ['note: what fills it when it is left out changed from uuid to nothing: not breaking.'],
    ],
    [
      { generate: 'uuid' },
      {},
      [
        'note: what fills it when it is left out changed from uuid to nothing: BREAKING, as records that leave it out are refused with 400.',
      ],
    ],
    [{ pattern: '^a' }, { pattern: '^b' }, [`note: pattern changed from ^a to ^b: ${MAYBE_REFUSED}`]],
  ])('of a text: %j to %j', (before, after, said) => {
    expect(sentences(note(before), note(after))).toEqual(said);
  });

  it('finds them in what is nested: records, lists, maps and nullable ones', () => {
    const nested = (minimum: number, table?: string) => {
      const leg = (name: string) => ({ type: 'record', name, fields: [{ name: 'metres', type: 'int', minimum }] });
      return rides({}, [
        ...fields,
        { name: 'first', type: ['null', leg('First')] },
        { name: 'legs', type: { type: 'array', items: leg('Leg') }, ...(table ? { table } : {}) },
        { name: 'by_day', type: { type: 'map', values: leg('Day') } },
      ]);
    };

    expect(sentences(nested(0), nested(1, 'ride_legs'))).toEqual([
      `first.metres: minimum tightened from 0 to 1: ${REFUSED}`,
      'legs: its elements changed from JSON in its row to rows of the table ride_legs: BREAKING, as rows stored before keep theirs where they are.',
      `legs[].metres: minimum tightened from 0 to 1: ${REFUSED}`,
      `by_day{}.metres: minimum tightened from 0 to 1: ${REFUSED}`,
    ]);
  });
});
