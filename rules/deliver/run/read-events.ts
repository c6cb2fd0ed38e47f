import { createHash } from 'node:crypto';
import { messageOf } from '@millrace/core/problem/message-of';
import { compileInvalidValue } from '@millrace/core/schema/invalid-value';
import type { Stream } from '@millrace/core/schema/stream';
import { compileToJson } from '@millrace/core/schema/to-json';
import type { ConsumedRecord } from '@millrace/core/stream/consumed-record';
import { createDecoder } from '@millrace/core/stream/create-decoder';
import type { Registry } from '@millrace/core/stream/open-registry';
import { celReason } from '../../expression/cel.ts';
import type { Matches } from '../delivery/compile-filter.ts';
import type { DeliveredEvent } from './event.ts';

export type ReadEvents = (
  records: readonly ConsumedRecord[],
  matches: Matches,
) => Promise<{
  readonly events: readonly DeliveredEvent[];
  /** Records that are no events of the stream, which storage writes to its dead letters. */
  readonly unusable: number;
  /** Events that the filter could not be evaluated for, and why not for the last one. */
  readonly filterErrors: { readonly count: number; readonly last: string };
}>;

const DIGEST_CHARACTERS = 32;

/**
 * Compiles the step from a stream's records to the events that a delivery sends. A tombstone is none: it has nothing to show. An event
 * that the filter can't be evaluated for does not match, and is counted.
 */
export function compileReadEvents(stream: Stream, registry: Registry): ReadEvents {
  const decode = createDecoder(registry, stream);
  const invalid = compileInvalidValue(stream.fields);
  const toJson = compileToJson(stream.fields);

  return async (records, matches) => {
    const decoded = await decode(records.map(({ value }) => value));
    const events: DeliveredEvent[] = [];
    let unusable = 0;
    const filterErrors = { count: 0, last: '' };
    for (const [index, record] of records.entries()) {
      if (record.value === null) continue;
      const one = decoded[index];
      const value = one && 'value' in one ? one.value : undefined;
      if (!value || invalid(value)) {
        unusable += 1;
        continue;
      }
      try {
        if (!matches(value)) continue;
      } catch (error) {
        filterErrors.count += 1;
        filterErrors.last = celReason(error) ?? messageOf(error);
        continue;
      }
      events.push({
        ...{ offset: record.offset, keyDigest: digestOf(record), eventId: String(value.event_id) },
        ...{ body: Buffer.from(JSON.stringify(toJson(value))), appendedAt: record.appendTime },
      });
    }
    return { events, unusable, filterErrors };
  };
}

/** Records without a key have no order among them. */
const digestOf = ({ key, offset }: ConsumedRecord): string =>
  createHash('sha256')
    .update(key ?? `offset ${offset}`)
    .digest('hex')
    .slice(0, DIGEST_CHARACTERS);
