import { ingestInto } from '@millrace/core/access/access';
import { type Endpoint, jsonResponse, type Operation, pascalCase, schemaRef } from '@millrace/core/openapi/document';
import { rowExampleOf } from '@millrace/core/openapi/example-of';
import { onEachRoute } from '@millrace/core/openapi/on-each-route';
import { publicSchema } from '@millrace/core/openapi/public-schema';
import { fieldSchema } from '@millrace/core/schema/json-schema';
import type { Stream } from '@millrace/core/schema/stream';
import { takesDeletes } from '../remove/takes-deletes.ts';
import { TRACE_ID, traceparentParameter } from './traceparent-parameter.ts';

export const deleteEndpoints = (stream: Stream): Endpoint[] =>
  takesDeletes(stream)
    ? onEachRoute(stream, {
        ...{ path: `/{${stream.key.name}}`, method: 'delete', access: ingestInto(stream) },
        operation: deleteOperation(stream),
      })
    : [];

function deleteOperation(stream: Stream): Operation {
  const { name, topic, key: field } = stream;
  const key = rowExampleOf(stream)[field.name];
  const { doc: _, ...undocumented } = field;
  return {
    operationId: `delete${pascalCase(name)}`,
    summary: `Remove a row of ${name}.`,
    description:
      'Writes a tombstone, a record without a value: storage then removes the row, and the analyzer no longer counts the key. ' +
      'The topic keeps what was. A key that has no row is no fault, and a later record brings the row back. A body is not read.',
    tags: [stream.domain || 'streams'],
    parameters: [
      {
        name: field.name,
        in: 'path',
        required: true,
        description: 'The key of the row.',
        schema: publicSchema(fieldSchema(undocumented)),
        example: key,
      },
      traceparentParameter,
    ],
    responses: {
      202: jsonResponse('Kafka has the tombstone.', schemaRef('Tombstone'), {
        ...{ key: String(key), trace_id: TRACE_ID, topic, partition: 0, offset: 42 },
      }),
    },
    problems: ['invalid-parameter', 'too-many-requests', 'kafka-unavailable', 'saturated', 'not-ready'],
  };
}
