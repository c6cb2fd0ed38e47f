/**
 * The four fields that complete every schema, in the value rather than in headers, so that every consumer sees them:
 * the Kafka CLI, Flink, a sink. They are written in Avro's own form because they are registered as they stand.
 */
export const metadataFields = [
  {
    name: 'event_id',
    type: { type: 'string', logicalType: 'uuid' },
    doc: 'Identifies the event; a repeat of it has the same one.',
  },
  { name: 'trace_id', type: 'string', doc: 'W3C trace id of the request that brought the event, 32 hex digits.' },
  { name: 'source', type: 'string', doc: 'Who brought the event: a client or a connector.' },
  {
    name: 'ingested_at',
    type: { type: 'long', logicalType: 'timestamp-millis' },
    doc: 'When Millrace took the event in.',
  },
] as const;

export const metadataNames: ReadonlySet<string> = new Set(metadataFields.map(({ name }) => name));
