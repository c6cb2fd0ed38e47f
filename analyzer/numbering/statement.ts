import { z } from 'zod';
import type { Checkpoint } from '../store/checkpoint.ts';
import type { Repeats } from '../store/repeats.ts';

/**
 * Where the numbering of a topic stands at a cut through its order: the records before these offsets have the numbers
 * below `count`, or none; those after them have the numbers from `count` on, but for the repeats. True on every replica, so
 * it does no harm that each says it.
 */
export type Statement = {
  readonly count: bigint;
  /** `last` is a record which the topic must still have, if it holds that offset at all. */
  readonly partitions: readonly Checkpoint[];
  /** Records after the cut that repeat an event, which may lie before it. */
  readonly repeats: readonly Repeats[];
};

const whole = z.string().regex(/^\d+$/).transform(BigInt);

const statement = z.object({
  count: whole,
  partitions: z.array(
    z.object({
      partition: z.number(),
      next_offset: whole,
      order_time: z.number(),
      last: z.object({ offset: whole, append_time: z.number(), sha256: z.string().optional() }).optional(),
    }),
  ),
  repeats: z.array(z.tuple([z.number(), whole, whole])),
});

/** As it is written to Kafka; whole numbers that may be large are text. */
export function statementText({ count, partitions, repeats }: Statement): string {
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

/** Undefined for what is no statement: another version may write others. */
export function parseStatement(text: string): Statement | undefined {
  const parsed = z.string().transform(toJson).pipe(statement).safeParse(text);
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
