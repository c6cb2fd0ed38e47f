import { turnTaker } from '@millrace/core/promise/turn-taker';
import type { Value } from '@millrace/core/schema/from-json';
import { compileInvalidValue } from '@millrace/core/schema/invalid-value';
import type { Stream } from '@millrace/core/schema/stream';
import type { ConsumedRecord } from '@millrace/core/stream/consumed-record';
import { createDecoder } from '@millrace/core/stream/create-decoder';
import type { Registry } from '@millrace/core/stream/open-registry';
import type { Block } from '../engine/engine.ts';
import type { Entry, EventEntry } from '../evaluate/entry.ts';
import { compileToCel } from '../expression/to-cel.ts';
import type { Subjects } from '../streams/subjects.ts';

/** Entries of a stream's records, from the running maximum of append times before them. */
export type ReadEntries = (records: readonly ConsumedRecord[], orderTime: number) => Promise<ReadBlock>;

export type ReadBlock = {
  readonly block: Block;
  readonly orderTime: number;
  /** Why records are no entries: a fault for each. */
  readonly faults: readonly string[];
};

/** @param toEntry undefined for a record that is no entry */
type ToEntry = (record: ConsumedRecord, value: Value | null, at: number) => Entry | undefined;

/** By topic, for all streams that rules may be about. */
export const openReaders = ({ read, roles }: Subjects, registry: Registry): ReadonlyMap<string, ReadEntries> =>
  new Map(
    [...read.values()].map((stream) => [
      stream.topic,
      stream === roles.accounts ? readAccounts(stream, registry) : readEvents(stream, registry),
    ]),
  );

/** Compiles the step from a stream's records to entries. A record that storage and the analyzer can't use is none. */
function readEvents(stream: Stream, registry: Registry): ReadEntries {
  const toEvent = compileEvent(stream);
  return compileRead(stream, registry, (_, value, at) => (value === null ? undefined : toEvent(value, at)));
}

/** The same for accounts, of which a tombstone is the end. */
function readAccounts(stream: Stream, registry: Registry): ReadEntries {
  const toEvent = compileEvent(stream);
  return compileRead(stream, registry, ({ key }, value, at) => {
    if (value === null)
      return key === null
        ? undefined
        : { kind: 'account', at, accountId: key.toString(), account: null, event: undefined };
    const event = toEvent(value, at);
    return { kind: 'account', at, accountId: event.accountId, account: event.value, event };
  });
}

function compileEvent(stream: Stream): (value: Value, at: number) => EventEntry {
  const toCel = compileToCel(stream.fields);
  const isMicros = 'logical' in stream.time.type && stream.time.type.logical?.name === 'timestamp-micros';
  const [key, time] = [stream.key.name, stream.time.name];
  return (value, at) => ({
    kind: 'event',
    at,
    stream: stream.name,
    accountId: String(value[key]),
    eventId: String(value.event_id),
    time: isMicros ? Math.floor(Number(value[time]) / 1_000) : Number(value[time]),
    value: toCel(value),
    traceId: String(value.trace_id),
  });
}

function compileRead(stream: Stream, registry: Registry, toEntry: ToEntry): ReadEntries {
  const decode = createDecoder(registry, stream);
  const invalid = compileInvalidValue(stream.fields);

  return async (records, before) => {
    const decoded = await decode(records.map(({ value }) => value));
    const entries: Entry[] = [];
    const offsets: bigint[] = [];
    const faults: string[] = [];
    let orderTime = before;
    const turn = turnTaker();
    for (const [index, record] of records.entries()) {
      if (turn.isDue()) await turn.yield();
      orderTime = Math.max(orderTime, record.appendTime);
      const one = decoded[index];
      const value = record.value === null || !one || 'fault' in one ? null : one.value;
      const fault = record.value !== null && one && 'fault' in one ? one.fault : value && invalid(value);
      const entry = fault ? undefined : toEntry(record, value, orderTime);
      if (entry) {
        entries.push(entry);
        offsets.push(record.offset);
      } else faults.push(fault || 'it has no value');
    }
    return { block: { times: Float64Array.from(entries, ({ at }) => at), offsets, entries }, orderTime, faults };
  };
}
