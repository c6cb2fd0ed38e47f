import { v7 } from 'uuid';
import type { Fault } from '../problem/problem.ts';
import { avscType } from '../schema/avsc-type.ts';
import { compileValidator } from '../schema/compile-validator.ts';
import { compileFromJson, type Value } from '../schema/from-json.ts';
import { inputSchema, ownFields } from '../schema/input-schema.ts';
import type { Stream } from '../schema/stream.ts';
import { keyOf } from '../stream/key-of.ts';
import { partitionOf } from '../stream/partition-of.ts';
import type { LaneRecord } from '../stream/produce-lane.ts';
import { createEncoder } from '../stream/wire-format.ts';
import type { CandidateRecord, RequestContext } from './candidate-record.ts';
import { contentDigest } from './content-digest.ts';
import { compileGenerateFields } from './generate-fields.ts';
import { compileKeyText } from './key-text.ts';

/** A record ready for Kafka. */
export type AcceptedRecord = {
  readonly faults?: undefined;
  readonly eventId: string;
  /** The record's key as text. */
  readonly key: string;
  readonly record: LaneRecord;
  /** Answers a digest of the record's own fields; only where the client said who the event is, for only then can it come twice. */
  readonly content: (() => string) | undefined;
};
export type RejectedRecord = {
  readonly faults: readonly Fault[];
  /** What was thrown, where the record could not be encoded although it is valid: a bug, which only this record meets. */
  readonly error?: unknown;
};

/**
 * Turns parsed JSON into what Kafka gets: validated, completed with the metadata fields, keyed, encoded. Never throws.
 * @param nameAllFaults false is cheaper, and names the first fault alone
 */
export type ToRecord = (
  candidate: CandidateRecord,
  context: RequestContext,
  nameAllFaults?: boolean,
) => AcceptedRecord | RejectedRecord;

const MAX_FAULTS = 100;
const NONE: readonly string[] = [];

/**
 * Compiles a stream's step from JSON to record.
 * @param partitions how many partitions the topic has now
 */
export function compileRecord(stream: Stream, schemaId: number, partitions: () => number): ToRecord {
  const validate = compileValidator(inputSchema(stream));
  const fromJson = compileFromJson(ownFields(stream));
  const encode = createEncoder(avscType(stream.avro), schemaId);
  const generate = compileGenerateFields(stream);
  const digest = contentDigest(stream);
  const toKey = keyOf(stream);
  const keyText = compileKeyText(stream);

  return (candidate, context, nameAllFaults = true) => {
    try {
      return candidate.faults ? { faults: candidate.faults } : compile(candidate, context, nameAllFaults);
    } catch (error) {
      const isDeep = error instanceof RangeError && error.message.includes('call stack');
      const message = isDeep
        ? 'is nested too deeply'
        : 'could not be encoded; the log has the reason under this trace_id';
      return { faults: [{ pointer: candidate.at, message }], ...(!isDeep && { error }) };
    }
  };

  function compile(
    candidate: CandidateRecord,
    { traceId, traceparent, source }: RequestContext,
    nameAllFaults: boolean,
  ): AcceptedRecord | RejectedRecord {
    const { input } = candidate;
    const faults = validate(input, nameAllFaults);
    if (faults.length > 0 || !isObject(input)) return { faults: placed(faults, candidate.at) };
    const value = fromJson(input);
    const given = typeof input.event_id === 'string' ? input.event_id.toLowerCase() : candidate.eventId;
    const eventId = given ?? v7();
    const now = Date.now();
    const timesLeftOut = generate?.(input, value, eventId, now) ?? NONE;
    const content = given === undefined ? undefined : () => contentOf(value, timesLeftOut);
    value.event_id = eventId;
    value.trace_id = traceId;
    value.source = candidate.source ?? source;
    value.ingested_at = now;
    const key = toKey(value);
    const record = { partition: partitionOf(key, partitions()), key, value: encode(value), traceparent };
    return { eventId, key: keyText(value), content, record };
  }

  /** A time that was made is no part of the content, but that it was left to be made is. */
  function contentOf(value: Value, timesLeftOut: readonly string[]): string {
    if (timesLeftOut.length === 0) return digest(value);
    const zeros = Object.fromEntries(timesLeftOut.map((name) => [name, 0]));
    return `${digest({ ...value, ...zeros })} ${timesLeftOut.join()}`;
  }
}

/** The first faults of the record, each with its JSON pointer in the body. */
function placed(faults: readonly Fault[], at: string): readonly Fault[] {
  const shown = faults.length > MAX_FAULTS ? faults.slice(0, MAX_FAULTS) : faults;
  return at === '' ? shown : shown.map(({ pointer, message }) => ({ pointer: at + pointer, message }));
}

const isObject = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null;
