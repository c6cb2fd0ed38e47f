import type { JsonSchema } from '../schema/json-schema.ts';
import type { Stream } from '../schema/stream.ts';
import {
  type Endpoint,
  jsonResponse,
  type Operation,
  pascalCase,
  type Schemas,
  schemaRef,
  securityOf,
} from './document.ts';
import { rowExampleOf } from './example-of.ts';
import { limitParameter, wholeNumberParameter } from './parameters.ts';
import { problemResponses } from './problem-responses.ts';
import { rowProperties, rowSchema } from './row-schema.ts';

const position = { index: 0, partition: 1, offset: 0, appended_at: '2026-03-14T07:32:10.512Z' };

/** An event by its number, per stream, and the counts of all. */
export const analyzerEndpoints = (streams: readonly Stream[]): Endpoint[] => [
  ...streams.map((stream): Endpoint => ({ path: `/${stream.name}`, method: 'get', operation: indexOperation(stream) })),
  { path: '/stats', method: 'get', operation: statsOperation(streams) },
];

const indexedName = (stream: Stream) => `${pascalCase(stream.name)}Indexed`;

/** A stream's row with its place in the history. */
export const analyzerSchemas = (streams: readonly Stream[]): Schemas => ({
  ...Object.fromEntries(streams.map((stream) => [indexedName(stream), indexedSchema(stream)])),
  Position: positionSchema,
  StreamStats: streamStatsSchema,
});

function indexedSchema(stream: Stream): JsonSchema {
  const row = rowSchema(stream);
  return {
    ...row,
    properties: { ...rowProperties(stream), position: schemaRef('Position') },
    required: [...stream.fields.map(({ name }) => name), 'position'],
  };
}

function indexOperation(stream: Stream): Operation {
  const example = { ...rowExampleOf(stream), position };
  const one = schemaRef(indexedName(stream));
  return {
    operationId: `index${pascalCase(stream.name)}`,
    summary: `The n-th event of ${stream.name}, or a page of its history.`,
    description:
      'Events are numbered from 0 by append time, then partition, then offset; the number of an event never changes. ' +
      'Ask for one by `index`, negative from the newest, or for a page by `from_index` and `limit`.',
    tags: [stream.domain || 'streams'],
    parameters: [
      wholeNumberParameter('index', 'Which event; -1 is the newest.', 0),
      wholeNumberParameter('from_index', 'Where a page begins; -10 is the tenth from the newest.'),
      limitParameter,
    ],
    responses: {
      200: jsonResponse('The event, or the page.', { oneOf: [one, { type: 'array', items: one }] }, example),
      ...problemResponses('invalid-parameter', 'not-found', 'not-ready'),
    },
    ...securityOf(stream),
  };
}

function statsOperation(streams: readonly Stream[]): Operation {
  const counts = streams.flatMap(({ countAs }) => (countAs === undefined ? [] : [countAs]));
  const example = {
    ...Object.fromEntries(counts.map((name) => [name, 1])),
    streams: Object.fromEntries(streams.map((stream) => [stream.name, statsExample(stream)])),
    as_of: '2026-03-14T08:00:00.000Z',
    last_updated: '2026-03-14T07:59:59.874Z',
    lag: 0,
  };
  const schema = {
    type: 'object',
    properties: {
      ...Object.fromEntries(counts.map((name) => [name, { type: 'integer', minimum: 0 }])),
      streams: { type: 'object', additionalProperties: schemaRef('StreamStats') },
      as_of: { type: ['string', 'null'], format: 'date-time' },
      last_updated: { type: ['string', 'null'], format: 'date-time' },
      lag: { type: 'integer', minimum: 0 },
    },
    required: [...counts, 'streams', 'as_of', 'last_updated', 'lag'],
  };
  return {
    operationId: 'getStats',
    summary: 'How many events each stream has, since when, and their measures.',
    tags: ['statistics'],
    parameters: [],
    responses: {
      200: jsonResponse('Counts of every stream.', schema, example),
      ...problemResponses('invalid-parameter', 'not-ready'),
    },
  };
}

const statsExample = (stream: Stream) => ({
  count: 1,
  first: rowExampleOf(stream)[stream.time.name],
  last: rowExampleOf(stream)[stream.time.name],
  ...Object.fromEntries(
    stream.measures.map(({ name }) => {
      const value = rowExampleOf(stream)[name];
      return [name, { sum: value, min: value, max: value, mean: value }];
    }),
  ),
});

const positionSchema: JsonSchema = {
  type: 'object',
  description: 'Where the event stands: its number, and where Kafka has it.',
  properties: {
    index: { type: 'integer', minimum: 0 },
    partition: { type: 'integer', minimum: 0 },
    offset: { type: 'integer', minimum: 0 },
    appended_at: { type: 'string', format: 'date-time' },
  },
  required: ['index', 'partition', 'offset', 'appended_at'],
  additionalProperties: false,
};

const streamStatsSchema: JsonSchema = {
  type: 'object',
  properties: { count: { type: 'integer', minimum: 0 } },
  required: ['count'],
};
