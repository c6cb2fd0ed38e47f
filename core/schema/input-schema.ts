import { type JsonSchema, recordSchema } from './json-schema.ts';
import { metadataNames } from './metadata-fields.ts';
import type { Stream } from './stream.ts';

/** The JSON Schema of what a client may send: the stream's own fields, and an `event_id` if it has one already. */
export function inputSchema(stream: Stream): JsonSchema {
  const own = recordSchema({ doc: stream.doc, fields: ownFields(stream) });
  const properties = typeof own.properties === 'object' ? own.properties : {};
  const eventId = {
    type: 'string',
    format: 'uuid',
    description: 'Identifies the event: sending it again with the same id changes nothing. Made for you if left out.',
  };
  return { ...own, properties: { ...properties, event_id: eventId } };
}

/** The stream's fields without the four that Millrace adds. */
export const ownFields = (stream: Stream) => stream.fields.filter(({ name }) => !metadataNames.has(name));
