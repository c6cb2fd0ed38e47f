import { readOfAny } from '@millrace/core/access/access';
import {
  type Endpoint,
  jsonResponse,
  type Operation,
  type Parameter,
  type Response,
  traceparentHeader,
} from '@millrace/core/openapi/document';
import { rowExampleOf } from '@millrace/core/openapi/example-of';
import { cursorParameter, instantParameter, limitParameter, maxLagParameter } from '@millrace/core/openapi/parameters';
import { isNumeric } from '@millrace/core/schema/avro-type';
import type { JsonSchema } from '@millrace/core/schema/json-schema';
import type { Stream } from '@millrace/core/schema/stream';
import { aggregateNames } from '../stats/aggregate-names.ts';
import { windows } from '../stats/window.ts';

const TAGS = ['statistics'];
const count = { type: 'integer', minimum: 0 };
const nullableTime = { type: ['string', 'null'], format: 'date-time' };
const freshness = {
  as_of: nullableTime,
  lag: { type: ['integer', 'null'], minimum: 0, description: 'Null when Kafka has not said where every topic ends.' },
  lag_unknown: { type: 'array', items: { type: 'string' }, description: 'The streams of which it is not known.' },
};

/** How much, by whom, per day; and the counts of all streams, once or as they change. */
export const statsEndpoints = (streams: readonly Stream[]): Endpoint[] => [
  { path: '/stats', method: 'get', access: readOfAny(streams), operation: statsOperation(streams) },
  { path: '/stats/live', method: 'get', access: readOfAny(streams), operation: liveOperation },
];

function statsOperation(streams: readonly Stream[]): Operation {
  return {
    operationId: 'getStats',
    summary: 'Counts and measures of every stream, or an answer to a question about one.',
    description:
      'Without parameters, what every stream comes to. With `stream`, a question about it: `measure`, `group_by` and ' +
      'filters by any of its dimensions (`field=value`) may be repeated; `from` and `to` are event times, half-open.',
    tags: TAGS,
    parameters: questionParameters(streams),
    responses: {
      200: withLink(
        jsonResponse('The counts, or the answer.', { oneOf: [summarySchema(streams), answerSchema] }, summary(streams)),
      ),
    },
    problems: ['invalid-parameter', 'gone', 'not-computable', 'not-ready', 'saturated', 'query-timeout'],
  };
}

/** An answer that is cut off leads to its next page. */
const withLink = (response: Response): Response => ({
  ...response,
  headers: {
    ...response.headers,
    link: { description: 'The next page while there is one (RFC 8288).', schema: { type: 'string' } },
  },
});

function questionParameters(streams: readonly Stream[]): Parameter[] {
  const dimensions = [...new Set(streams.flatMap((stream) => stream.dimensions.map(({ name }) => name)))];
  const query = (name: string, description: string, schema: JsonSchema): Parameter => ({
    name,
    in: 'query',
    description,
    schema,
  });
  const list = (items: JsonSchema) => ({ type: 'array', items });
  const set = (items: JsonSchema) => ({ ...list(items), uniqueItems: true });
  return [
    query('stream', 'The stream to ask about.', { type: 'string', enum: streams.map(({ name }) => name) }),
    query(
      'measure',
      'What to work out: `count`, or a function of a field such as `sum(distance)` or `p95(duration)`.',
      set({ type: 'string', pattern: `^(count|(${aggregateNames.join('|')})\\(\\w+\\))$` }),
    ),
    query('group_by', 'A dimension: one row of the answer for each of its values.', set({ type: 'string' })),
    query('window', 'One row of the answer for each of these spans of event time.', {
      type: 'string',
      enum: windows,
    }),
    query('timezone', 'An IANA time zone: where days, weeks and months begin.', { type: 'string', default: 'UTC' }),
    instantParameter('from', 'The earliest event time, itself included.'),
    instantParameter('to', 'The latest event time, itself excluded.'),
    query('order_by', 'A column of the answer; with a `-` before it for descending.', { type: 'string' }),
    query('compare', 'Beside each row the window before it, and the change since.', {
      type: 'string',
      const: 'previous',
    }),
    limitParameter,
    cursorParameter,
    maxLagParameter,
    ...dimensions.map((name) => query(name, `Only where \`${name}\` is one of these.`, list({ type: 'string' }))),
  ];
}

const answerSchema: JsonSchema = {
  type: 'object',
  description: 'One row for each window and group: their values, the measures under the names asked by, and `count`.',
  properties: {
    data: { type: 'array', items: { type: 'object' } },
    ...freshness,
    more: { const: true, description: 'There are more rows; the `Link` header leads to them.' },
  },
  required: ['data', 'as_of', 'lag'],
  additionalProperties: false,
};

function summarySchema(streams: readonly Stream[]): JsonSchema {
  const counts = streams.flatMap(({ countAs }) => (countAs === undefined ? [] : [countAs]));
  const own = {
    streams: { type: 'object', properties: streamsSchema(streams) },
    ...freshness,
    last_updated: nullableTime,
  };
  return {
    type: 'object',
    properties: { ...Object.fromEntries(counts.map((name) => [name, count])), ...own },
    required: [...counts, 'streams', 'as_of', 'lag', 'last_updated'],
    additionalProperties: false,
  };
}

const streamsSchema = (streams: readonly Stream[]) =>
  Object.fromEntries(
    streams.map(({ name, measures }) => [
      name,
      {
        type: 'object',
        properties: {
          count,
          first: nullableTime,
          last: nullableTime,
          ...Object.fromEntries(measures.map((measure) => [measure.name, measureSchema])),
        },
        required: ['count', 'first', 'last', ...measures.map((measure) => measure.name)],
        additionalProperties: false,
      },
    ]),
  );

/** Decimals come as text, which loses no digit; null where there is nothing to measure yet, or `reason` says why. */
const measured = { type: ['number', 'string', 'null'] };
const measureSchema: JsonSchema = {
  type: 'object',
  properties: {
    ...{ sum: measured, min: measured, max: measured, mean: measured },
    reason: { type: 'string', description: 'Why a value is null though there are events: it is out of range.' },
  },
  required: ['sum', 'min', 'max', 'mean'],
  additionalProperties: false,
};

function summary(streams: readonly Stream[]) {
  return {
    ...Object.fromEntries(streams.flatMap(({ countAs }) => (countAs === undefined ? [] : [[countAs, 1]]))),
    streams: Object.fromEntries(streams.map((stream) => [stream.name, streamSummary(stream)])),
    as_of: '2026-03-14T08:00:00.000Z',
    last_updated: '2026-03-14T07:59:59.874Z',
    lag: 0,
  };
}

function streamSummary(stream: Stream) {
  const row = rowExampleOf(stream);
  const time = row[stream.time.name];
  const measures = stream.measures.filter(({ type }) => isNumeric(type));
  return {
    ...{ count: 1, first: time, last: time },
    ...Object.fromEntries(
      measures.map(({ name }) => [name, { sum: row[name], min: row[name], max: row[name], mean: Number(row[name]) }]),
    ),
  };
}

const liveOperation: Operation = {
  operationId: 'followStats',
  summary: 'The counts of every stream as they change.',
  description: 'Server-Sent Events named `stats`, each with what `GET /stats` answers, at most once a second.',
  tags: TAGS,
  responses: {
    200: {
      description: 'A stream of events that lasts until one side closes it.',
      headers: { traceparent: traceparentHeader },
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    },
  },
  problems: ['invalid-parameter', 'saturated'],
};
