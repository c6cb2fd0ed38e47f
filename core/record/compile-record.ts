import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import type { Fault } from '../problem/problem.ts';
import { avscType } from '../schema/avsc-type.ts';
import { compileValidator } from '../schema/compile-validator.ts';
import { compileFromJson } from '../schema/from-json.ts';
import { inputSchema, ownFields } from '../schema/input-schema.ts';
import { metadataFields } from '../schema/metadata-fields.ts';
import type { Stream } from '../schema/stream.ts';
import { keyOf } from '../stream/key-of.ts';
import { partitionOf } from '../stream/partition-of.ts';
import type { LaneRecord } from '../stream/produce-lane.ts';
import { createEncoder } from '../stream/wire-format.ts';
import type { CandidateRecord, RequestContext } from './candidate-record.ts';

/** A record ready for Kafka. */
export type AcceptedRecord = {
  readonly faults?: undefined;
  readonly eventId: string;
  readonly record: LaneRecord;
  /** A digest of the record's own fields; only where the client said who the event is, for only then can it come twice. */
  readonly content: string | undefined;
};
export type RejectedRecord = { readonly faults: readonly Fault[] };

/** Turns parsed JSON into what Kafka gets: validated, completed with the metadata fields, keyed, encoded. */
export type ToRecord = (candidate: CandidateRecord, context: RequestContext) => AcceptedRecord | RejectedRecord;

const MAX_FAULTS = 100;

/**
 * Compiles a stream's step from JSON to record.
 * @param partitions how many partitions the topic has now
 */
export function compileRecord(stream: Stream, schemaId: number, partitions: () => number): ToRecord {
  const validate = compileValidator(inputSchema(stream));
  const fromJson = compileFromJson(ownFields(stream));
  const encode = createEncoder(avscType(stream.avro), schemaId);
  const own = avscType({ ...stream.avro, fields: stream.avro.fields.slice(0, -metadataFields.length) });
  const key = keyOf(stream);

  return (candidate, { traceId, traceparent, source }) => {
    const { input } = candidate;
    if (candidate.faults) return { faults: candidate.faults };
    const faults = validate(input);
    if (faults.length > 0 || !isObject(input)) return { faults: placed(faults, candidate.at) };
    const value = fromJson(input);
    const given = typeof input.event_id === 'string' ? input.event_id.toLowerCase() : candidate.eventId;
    const content = given === undefined ? undefined : digest(own.toBuffer(value));
    const eventId = given ?? v7();
    value.event_id = eventId;
    value.trace_id = traceId;
    value.source = candidate.source ?? source;
    value.ingested_at = Date.now();
    const keyBytes = key(value);
    const partition = partitionOf(keyBytes, partitions());
    return { eventId, content, record: { partition, key: keyBytes, value: encode(value), traceparent } };
  };
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('base64');

/** Enough faults to mend the record by, each under its place in what was sent. */
function placed(faults: readonly Fault[], at: string): readonly Fault[] {
  const shown = faults.length > MAX_FAULTS ? faults.slice(0, MAX_FAULTS) : faults;
  return at === '' ? shown : shown.map(({ pointer, message }) => ({ pointer: at + pointer, message }));
}

const isObject = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null;
