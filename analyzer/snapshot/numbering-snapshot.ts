import { z } from 'zod';
import { MAX_TIME_MS } from '../store/append-time.ts';
import type { Checkpoint } from '../store/checkpoint.ts';
import type { Repeats } from '../store/repeats.ts';

/**
 * Where the numbering of a topic stands at a cut through its order: the records before these offsets have the numbers
 * below `count`, or none; those after them have the numbers from `count` on, but for the repeats. True on every replica, so
 * it does no harm that each publishes it.
 */
export type NumberingSnapshot = {
  readonly count: bigint;
  /** `last` is a record which the topic must still have, if it holds that offset at all. */
  readonly partitions: readonly Checkpoint[];
  /** Records after the cut that repeat an event, which may lie before it. */
  readonly repeats: readonly Repeats[];
};

/** Kafka numbers partitions in 31 bits. */
const MAX_PARTITION = 2 ** 31 - 1;
/** Numbers that the tables can hold, for any client may write to the topic. */
const MAX_OFFSET = 2n ** 63n - 1n;
const offset = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform(BigInt)
  .refine((value) => value <= MAX_OFFSET);
/** An index is a number in JSON. */
const index = offset.refine((value) => value <= BigInt(Number.MAX_SAFE_INTEGER));
const partition = z.int().min(0).max(MAX_PARTITION);
const time = z.int().min(-MAX_TIME_MS).max(MAX_TIME_MS);
const sha256 = z.string().regex(/^[\da-f]{64}$/);

const snapshot = z.object({
  count: index,
  partitions: z.array(
    z.object({
      partition,
      next_offset: offset,
      order_time: time,
      last: z.object({ offset, append_time: time, sha256: sha256.optional() }).optional(),
    }),
  ),
  repeats: z.array(z.tuple([partition, offset, offset])),
});

/** As it is written to Kafka; whole numbers that may be large are text. */
export function snapshotText({ count, partitions, repeats }: NumberingSnapshot): string {
  return JSON.stringify({
    count: String(count),
    partitions: partitions.map(({ partition, nextOffset, orderTime, last }) => ({
      partition,
      next_offset: String(nextOffset),
      order_time: orderTime,
      last: last && { offset: String(last.offset), append_time: last.appendTime, sha256: last.hash },
    })),
    repeats: repeats.map(({ partition, from, to }) => [partition, String(from), String(to)]),
  });
}

/** Undefined for what is no snapshot: another version may write others. */
export function parseSnapshot(text: string): NumberingSnapshot | undefined {
  const parsed = z.string().transform(toJson).pipe(snapshot).safeParse(text);
  if (!parsed.success) return undefined;
  const { count, partitions, repeats } = parsed.data;
  return {
    count,
    partitions: partitions.map(({ partition, next_offset, order_time, last }) => ({
      partition,
      nextOffset: next_offset,
      orderTime: order_time,
      last: last && { offset: last.offset, appendTime: last.append_time, hash: last.sha256 },
    })),
    repeats: repeats.map(([partition, from, to]) => ({ partition, from, to })),
  };
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
