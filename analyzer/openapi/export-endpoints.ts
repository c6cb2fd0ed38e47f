import { readOf } from '@millrace/core/access/access';
import { type Endpoint, pascalCase, traceparentHeader } from '@millrace/core/openapi/document';
import { csvParameter, instantParameter } from '@millrace/core/openapi/parameters';
import type { Stream } from '@millrace/core/schema/stream';

const FORMATS = {
  parquet: 'application/vnd.apache.parquet',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
} as const;

const ABOUT: Readonly<Record<string, string>> = {
  parquet: 'Sent once the file is whole.',
  csv: 'Sent as it is read. The first line has the names; times, decimals and bytes are as in JSON, nested values are JSON.',
  ndjson: 'Sent as it is read. A line is what the lookup by `index` answers.',
};

/** The history of a stream as a file. */
export const exportEndpoints = (streams: readonly Stream[]): Endpoint[] =>
  streams.flatMap((stream) =>
    Object.entries(FORMATS).map(([extension, mediaType]) => ({
      path: `/export/${stream.name}.${extension}`,
      access: readOf(stream),
      method: 'get' as const,
      operation: {
        operationId: `export${pascalCase(stream.name)}As${pascalCase(extension)}`,
        summary: `The history of ${stream.name} as ${extension}.`,
        description: `In order of the events’ numbers; \`from\` and \`to\` are event times, half-open. ${ABOUT[extension]}`,
        tags: ['export'],
        parameters: [
          instantParameter('from', 'The earliest event time, itself included.'),
          instantParameter('to', 'The latest event time, itself excluded.'),
          ...(extension === 'csv' ? [csvParameter] : []),
        ],
        responses: {
          200: {
            description: 'A file.',
            headers: { traceparent: traceparentHeader },
            content: { [mediaType]: { schema: { type: 'string', format: 'binary' } } },
          },
        },
        problems: ['invalid-parameter', 'saturated', 'query-timeout'],
      },
    })),
  );
