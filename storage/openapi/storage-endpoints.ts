import { readOf } from '@millrace/core/access/access';
import {
  type Endpoint,
  jsonResponse,
  type Operation,
  pascalCase,
  type Schemas,
  schemaRef,
} from '@millrace/core/openapi/document';
import { rowExampleOf } from '@millrace/core/openapi/example-of';
import { onEachRoute } from '@millrace/core/openapi/on-each-route';
import {
  csvParameter,
  cursorParameter,
  filterParameter,
  instantParameter,
  limitParameter,
  orderParameter,
} from '@millrace/core/openapi/parameters';
import { rowProperties, rowSchema } from '@millrace/core/openapi/row-schema';
import type { JsonSchema } from '@millrace/core/schema/json-schema';
import type { Stream } from '@millrace/core/schema/stream';
import { deadLetterEndpoints } from './dead-letter-endpoints.ts';
import { deadLetterSchemas } from './dead-letter-schemas.ts';
import { parkingEndpoints, parkingSchemas } from './parking-endpoints.ts';
import { searchEndpoints, searchSchemas } from './search-endpoints.ts';

const DAY_MS = 86_400_000;

/** The name of a stream's row among a document's schemas. */
export const rowName = (stream: Stream): string => `${pascalCase(stream.name)}Row`;

export const storageSchemas = (streams: readonly Stream[]): Schemas => ({
  ...Object.fromEntries(streams.map((stream) => [rowName(stream), storedSchema(stream)])),
  ...deadLetterSchemas,
  ...parkingSchemas(streams),
  ...searchSchemas(streams),
});

const storedAt = { type: 'string', format: 'date-time', description: 'When MySQL got the row.' };

function storedSchema(stream: Stream): JsonSchema {
  const row = rowSchema(stream);
  const required = [...stream.fields.map(({ name }) => name), 'stored_at'];
  return { ...row, properties: { ...rowProperties(stream), stored_at: storedAt }, required };
}

const storedExample = (stream: Stream) => ({ ...rowExampleOf(stream), stored_at: '2026-03-14T07:32:10.630Z' });

/** Two GET routes per stream, what happened when and one row, and what could not be stored. */
export const storageEndpoints = (streams: readonly Stream[]): Endpoint[] => [
  ...streams.flatMap((stream) => {
    const access = readOf(stream);
    const id = `/{${idName(stream)}}`;
    return [
      ...onEachRoute(stream, { path: '', method: 'get', access, operation: listOperation(stream) }),
      ...onEachRoute(stream, { path: id, method: 'get', access, operation: oneOperation(stream) }),
    ];
  }),
  ...deadLetterEndpoints(),
  ...parkingEndpoints(streams),
  ...searchEndpoints(streams),
];

/** What names one row: the key where the newest of it is kept, else the event. */
const idName = (stream: Stream) => (stream.store === 'upsert' ? stream.key.name : 'event_id');

function listOperation(stream: Stream): Operation {
  const row = schemaRef(rowName(stream));
  const example: Readonly<Record<string, unknown>> = storedExample(stream);
  const linkHeader = {
    description: 'The next page while there is one: `<…>; rel="next"` (RFC 8288).',
    schema: { type: 'string' },
  };
  const list = jsonResponse('Rows in order of event time.', { type: 'array', items: row }, [example]);
  return {
    operationId: `list${pascalCase(stream.name)}`,
    summary: `Read ${stream.name} by time.`,
    description: `Rows whose \`${stream.time.name}\` lies in \`[start_timestamp, end_timestamp)\`; both ends may be left out.${rowsKept(stream)}`,
    tags: [stream.domain || 'streams'],
    parameters: [
      instantParameter('start_timestamp', 'The earliest time, itself included.', '2026-03-14T00:00:00Z'),
      instantParameter('end_timestamp', 'The latest time, itself excluded.', '2026-03-15T00:00:00Z'),
      ...stream.dimensions.map((field) => filterParameter(field, example[field.name])),
      limitParameter,
      cursorParameter,
      orderParameter('asc'),
      csvParameter,
    ],
    responses: {
      200: {
        ...list,
        headers: { ...list.headers, link: linkHeader },
        content: {
          ...list.content,
          'text/csv': { schema: { type: 'string', description: 'The whole range, a header line first.' } },
          'application/x-ndjson': { schema: { type: 'string', description: 'The whole range, a row a line.' } },
        },
      },
    },
    problems: ['invalid-parameter', 'not-acceptable', 'database-unavailable', 'not-ready', 'query-timeout'],
  };
}

const rowsKept = ({ rowRetentionMs }: Stream) =>
  rowRetentionMs === undefined ? '' : ` Rows are removed ${rowRetentionMs / DAY_MS} days after it.`;

function oneOperation(stream: Stream): Operation {
  const example: Readonly<Record<string, unknown>> = storedExample(stream);
  const name = idName(stream);
  return {
    operationId: `get${pascalCase(stream.name)}`,
    summary: `Read one row of ${stream.name}.`,
    tags: [stream.domain || 'streams'],
    parameters: [
      {
        name,
        in: 'path',
        required: true,
        description:
          stream.store === 'upsert' ? 'The key of the row.' : 'The event, as the answer to its POST named it.',
        schema: rowProperties(stream)[name] ?? {},
        example: example[name],
      },
    ],
    responses: {
      200: jsonResponse('The row.', schemaRef(rowName(stream)), example),
    },
    problems: ['invalid-parameter', 'not-found', 'database-unavailable', 'not-ready', 'query-timeout'],
  };
}
