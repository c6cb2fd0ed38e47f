import { readOf } from '@millrace/core/access/access';
import {
  type Endpoint,
  jsonResponse,
  type Operation,
  pascalCase,
  type Response,
  type Schemas,
  schemaRef,
} from '@millrace/core/openapi/document';
import { rowExampleOf } from '@millrace/core/openapi/example-of';
import {
  instantParameter,
  limitParameter,
  maxLagParameter,
  wholeNumberParameter,
} from '@millrace/core/openapi/parameters';
import { rowProperties, rowSchema } from '@millrace/core/openapi/row-schema';
import type { JsonSchema } from '@millrace/core/schema/json-schema';
import type { Stream } from '@millrace/core/schema/stream';
import { exportEndpoints } from './export-endpoints.ts';
import { statsEndpoints } from './stats-endpoints.ts';

const position = { index: 0, partition: 1, offset: 0, appended_at: '2026-03-14T07:32:10.512Z' };

/** An event by its number, per stream; statistics; exports. */
export const analyzerEndpoints = (streams: readonly Stream[]): Endpoint[] => [
  ...streams.map(
    (stream): Endpoint => ({
      path: `/${stream.name}`,
      method: 'get',
      access: readOf(stream),
      operation: indexOperation(stream),
    }),
  ),
  ...statsEndpoints(streams),
  ...exportEndpoints(streams),
];

const indexedName = (stream: Stream) => `${pascalCase(stream.name)}Indexed`;

/** A stream's row with its place in the history. */
export const analyzerSchemas = (streams: readonly Stream[]): Schemas => ({
  ...Object.fromEntries(streams.map((stream) => [indexedName(stream), indexedSchema(stream)])),
  Position: positionSchema,
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
  const one = schemaRef(indexedName(stream));
  return {
    operationId: `index${pascalCase(stream.name)}`,
    summary: `The n-th event of ${stream.name}, or a page of its history.`,
    description:
      'Events are numbered from 0 by append time, then partition, then offset; the number of an event never changes. ' +
      'Ask for one by `index` (negative from the newest), by `event_id`, or by `at`, when it or the next one was appended; ' +
      'or for a page by `from_index` and `limit`. Give exactly one of the four.' +
      (stream.pathAliases.includes(`/${stream.name}`)
        ? ` Where one address serves all services, a request with none of them is \`GET ${stream.path}\`.`
        : ''),
    tags: [stream.domain || 'streams'],
    parameters: [
      wholeNumberParameter('index', 'Which event; -1 is the newest.', 0),
      wholeNumberParameter('from_index', 'Where a page begins; -10 is the tenth from the newest.'),
      instantParameter('at', 'The first event appended at this time or later.'),
      {
        name: 'event_id',
        in: 'query',
        description: 'The event with this id.',
        schema: { type: 'string', format: 'uuid' },
      },
      limitParameter,
      maxLagParameter,
    ],
    responses: {
      200: found(stream, one),
    },
    problems: ['invalid-parameter', 'not-found', 'gone', 'not-ready', 'saturated', 'query-timeout'],
  };
}

function found(stream: Stream, one: JsonSchema): Response {
  const answer = { oneOf: [one, { type: 'array', items: one }] };
  const response = jsonResponse('The event, or the page.', answer, { ...rowExampleOf(stream), position });
  const asOf = { description: 'What is counted reaches up to this append time.', schema: { type: 'string' } };
  const lag = {
    description: 'The number of records that are not counted yet; `unknown` when Kafka has not said.',
    schema: { type: 'string' },
  };
  const link = { description: 'The next page while there is one (RFC 8288).', schema: { type: 'string' } };
  const epoch = {
    description: 'Which history answers: another one after the topic was recreated or cut.',
    schema: { type: 'string' },
  };
  return { ...response, headers: { ...response.headers, 'as-of': asOf, lag, epoch, link } };
}

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
