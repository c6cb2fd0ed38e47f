import type { Fault } from '@millrace/core/problem/problem';
import { avscType } from '@millrace/core/schema/avsc-type';
import { compileValidator } from '@millrace/core/schema/compile-validator';
import { compileFromJson } from '@millrace/core/schema/from-json';
import { inputSchema, ownFields } from '@millrace/core/schema/input-schema';
import type { Stream } from '@millrace/core/schema/stream';
import { keyOf } from '@millrace/core/stream/key-of';
import { partitionOf } from '@millrace/core/stream/partition-of';
import type { LaneRecord } from '@millrace/core/stream/produce-lane';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { v7 } from 'uuid';

/** What a request says about all of its records. */
export type Arrival = { readonly traceId: string; readonly traceparent: string; readonly source: string };

export type Taken =
  | { readonly faults: readonly Fault[] }
  | { readonly faults?: undefined; readonly eventId: string; readonly record: LaneRecord };

/** One record's way from parsed JSON to what Kafka gets: validated, completed with the metadata fields, keyed, encoded. */
export type Intake = (input: unknown, arrival: Arrival) => Taken;

/**
 * Compiles a stream's intake.
 * @param partitions how many partitions the topic has now
 */
export function compileIntake(stream: Stream, schemaId: number, partitions: () => number): Intake {
  const validate = compileValidator(inputSchema(stream));
  const fromJson = compileFromJson(ownFields(stream));
  const encode = createEncoder(avscType(stream.avro), schemaId);
  const key = keyOf(stream);

  return (input, { traceId, traceparent, source }) => {
    const faults = validate(input);
    if (faults.length > 0 || !isObject(input)) return { faults };
    const value = fromJson(input);
    const eventId = typeof input.event_id === 'string' ? input.event_id.toLowerCase() : v7();
    value.event_id = eventId;
    value.trace_id = traceId;
    value.source = source;
    value.ingested_at = Date.now();
    const keyBytes = key(value);
    const partition = partitionOf(keyBytes, partitions());
    return { eventId, record: { partition, key: keyBytes, value: encode(value), traceparent } };
  };
}

const isObject = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null;
