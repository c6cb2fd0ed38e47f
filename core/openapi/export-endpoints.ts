import type { Stream } from '../schema/stream.ts';
import { type Endpoint, pascalCase, securityOf, traceparentHeader } from './document.ts';
import { instantParameter } from './parameters.ts';
import { problemResponses } from './problem-responses.ts';

const FORMATS = {
  parquet: 'application/vnd.apache.parquet',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
} as const;

/** The history of a stream as a file. */
export const exportEndpoints = (streams: readonly Stream[]): Endpoint[] =>
  streams.flatMap((stream) =>
    Object.entries(FORMATS).map(([extension, mediaType]) => ({
      path: `/export/${stream.name}.${extension}`,
      method: 'get' as const,
      operation: {
        operationId: `export${pascalCase(stream.name)}As${pascalCase(extension)}`,
        summary: `The history of ${stream.name} as ${extension}.`,
        description: 'In order of the events’ numbers; `from` and `to` are event times, half-open.',
        tags: ['export'],
        parameters: [
          instantParameter('from', 'The earliest event time, itself included.'),
          instantParameter('to', 'The latest event time, itself excluded.'),
        ],
        responses: {
          200: {
            description: 'A file.',
            headers: { traceparent: traceparentHeader },
            content: { [mediaType]: { schema: { type: 'string', format: 'binary' } } },
          },
          ...problemResponses('invalid-parameter', 'query-timeout'),
        },
        ...securityOf(stream),
      },
    })),
  );
