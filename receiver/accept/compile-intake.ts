import { createHash } from 'node:crypto';
import type { Fault } from '@millrace/core/problem/problem';
import { avscType } from '@millrace/core/schema/avsc-type';
import { compileValidator } from '@millrace/core/schema/compile-validator';
import { compileFromJson } from '@millrace/core/schema/from-json';
import { inputSchema, ownFields } from '@millrace/core/schema/input-schema';
import { metadataFields } from '@millrace/core/schema/metadata-fields';
import type { Stream } from '@millrace/core/schema/stream';
import { keyOf } from '@millrace/core/stream/key-of';
import { partitionOf } from '@millrace/core/stream/partition-of';
import type { LaneRecord } from '@millrace/core/stream/produce-lane';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { v7 } from 'uuid';
import type { Arrival, Offer } from './offer.ts';

/** A record ready for Kafka. */
export type Taken = {
  readonly faults?: undefined;
  readonly eventId: string;
  readonly record: LaneRecord;
  /** A digest of the record's own fields; only where the client said who the event is, for only then can it come twice. */
  readonly content: string | undefined;
};
export type Refused = { readonly faults: readonly Fault[] };

/** One record's way from parsed JSON to what Kafka gets: validated, completed with the metadata fields, keyed, encoded. */
export type Intake = (offer: Offer, arrival: Arrival) => Taken | Refused;

const MAX_FAULTS = 100;

/**
 * Compiles a stream's intake.
 * @param partitions how many partitions the topic has now
 */
export function compileIntake(stream: Stream, schemaId: number, partitions: () => number): Intake {
  const validate = compileValidator(inputSchema(stream));
  const fromJson = compileFromJson(ownFields(stream));
  const encode = createEncoder(avscType(stream.avro), schemaId);
  const own = avscType({ ...stream.avro, fields: stream.avro.fields.slice(0, -metadataFields.length) });
  const key = keyOf(stream);

  return (offer, { traceId, traceparent, source }) => {
    const { input } = offer;
    if (offer.faults) return { faults: offer.faults };
    const faults = validate(input);
    if (faults.length > 0 || !isObject(input)) return { faults: placed(faults, offer.at) };
    const value = fromJson(input);
    const given = typeof input.event_id === 'string' ? input.event_id.toLowerCase() : offer.eventId;
    const content = given === undefined ? undefined : digest(own.toBuffer(value));
    const eventId = given ?? v7();
    value.event_id = eventId;
    value.trace_id = traceId;
    value.source = offer.source ?? source;
    value.ingested_at = Date.now();
    const keyBytes = key(value);
    const partition = partitionOf(keyBytes, partitions());
    return { eventId, content, record: { partition, key: keyBytes, value: encode(value), traceparent } };
  };
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('base64');

/** Enough faults to mend the record by; a million of them help nobody. */
function placed(faults: readonly Fault[], at: string): readonly Fault[] {
  const shown = faults.length > MAX_FAULTS ? faults.slice(0, MAX_FAULTS) : faults;
  return at === '' ? shown : shown.map(({ pointer, message }) => ({ pointer: at + pointer, message }));
}

const isObject = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null;
