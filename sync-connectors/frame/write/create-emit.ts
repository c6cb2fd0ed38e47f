import { whileTransient } from '@millrace/core/database/while-transient';
import type { Log } from '@millrace/core/log/create-log';
import type { Fault } from '@millrace/core/problem/problem';
import type { ToRecord } from '@millrace/core/record/compile-record';
import { eventIdOf } from '@millrace/core/record/event-id';
import { retry } from '@millrace/core/retry/retry';
import type { Stream } from '@millrace/core/schema/stream';
import type { Producer } from '@millrace/core/stream/create-producer';
import { type LaneRecord, sizeOf } from '@millrace/core/stream/produce-lane';
import type { Trace } from '@millrace/core/trace/trace-context';
import type { Json, StaleReason } from '../connector.ts';

/** A row to write: who it is, which of its versions this is, and since when it is stale, if it is. */
export type Emission = {
  readonly id: string;
  readonly hash: Buffer;
  readonly version: number;
  readonly value: { readonly [name: string]: Json };
  readonly stale?: { readonly since: string; readonly reason: StaleReason };
};

export type Encoded = { readonly record: LaneRecord } | { readonly faults: readonly Fault[] };

export type Emit = {
  /** The record of a row, or why it does not fit its stream. */
  encode(emission: Emission): Encoded;
  /** Resolves once Kafka has acknowledged all, however long it is unreachable. */
  produce(records: readonly LaneRecord[]): Promise<void>;
};

/** The largest record, as Avro. */
export const MAX_RECORD_BYTES = 900_000;

export type EmitOptions = {
  readonly stream: Stream;
  readonly toRecord: ToRecord;
  readonly producer: Pick<Producer, 'produce'>;
  readonly source: string;
  readonly trace: Trace;
  readonly log: Log;
  readonly signal: AbortSignal;
};

/**
 * Writes rows to a stream. An event id follows from the row's content and version alone, so a row that is written again after a kill is
 * the same event.
 */
export function createEmit({ stream, toRecord, producer, source, trace, log, signal }: EmitOptions): Emit {
  const patient = { ...whileTransient(log, 'a run waits for Kafka'), signal };
  const context = { ...trace, source };

  return {
    encode({ id, hash, version, value, stale }) {
      const content = [id, hash.toString('base64'), version, ...(stale ? [stale.since, stale.reason] : [])];
      const input = { ...value, stale_since: stale?.since ?? null, stale_reason: stale?.reason ?? null };
      const eventId = eventIdOf(stream, source, JSON.stringify(content));
      const made = toRecord({ input, at: '', eventId }, context);
      if (made.faults) {
        if (made.error) log.error({ err: made.error, stream: stream.name }, 'a row could not be encoded');
        return { faults: made.faults };
      }
      const size = sizeOf(made.record);
      if (size <= MAX_RECORD_BYTES) return { record: made.record };
      return { faults: [{ pointer: '', message: `has ${size} bytes as Avro, of at most ${MAX_RECORD_BYTES}` }] };
    },
    async produce(records) {
      if (records.length > 0) await retry(patient, () => producer.produce(stream.topic, records));
    },
  };
}
