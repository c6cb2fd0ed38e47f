import type { Admin } from '@millrace/core/stream/admin';
import { topicOffsets } from '@millrace/core/stream/topic-offsets';
import { StackError } from '../stack-error.ts';

type OffsetsAdmin = Pick<Admin, 'fetchOffsets' | 'offsetsByTime'>;

/** Where reading begins and, for one that does not follow, ends: offsets by partition. */
export type OffsetRanges = ReadonlyMap<number, { readonly start: bigint; readonly end: bigint }>;

/** `start`, `end` or the time from which on records were appended, in milliseconds since the epoch. */
export type From = 'start' | 'end' | { readonly appendTime: number };

export function parseFrom(text: string): From {
  if (text === 'start' || text === 'end') return text;
  const appendTime = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(appendTime)) {
    throw new StackError(`FROM is ${text}; it may be start, end or a time such as 2026-03-14T07:30:00Z.`);
  }
  return { appendTime };
}

/** The ranges as they are now: records that are appended later lie past `end`. */
export async function offsetRanges(admin: OffsetsAdmin, topic: string, from: From): Promise<OffsetRanges> {
  const held = await topicOffsets(admin, topic);
  const byTime = typeof from === 'object' ? await admin.offsetsByTime(topic, from.appendTime) : undefined;
  return new Map(
    held.map(({ partition, lowOffset, logEndOffset }) => {
      const start = byTime ? (byTime.get(partition) ?? logEndOffset) : from === 'start' ? lowOffset : logEndOffset;
      return [partition, { start, end: logEndOffset }];
    }),
  );
}
