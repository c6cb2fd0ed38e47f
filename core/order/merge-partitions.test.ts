import { randomFrom } from '@millrace/testing/random-from';
import { describe, expect, it } from 'vitest';
import { mergePartitions, type Run } from './merge-partitions.ts';

type Block = { readonly times: Float64Array; readonly first: number };
type Place = readonly [time: number, partition: number, index: number];

/** Append times as brokers give them: rising with each partition, with many ties within and across partitions. */
function randomLog(random: (below: number) => number, partitions: number, size: number): number[][] {
  const log: number[][] = Array.from({ length: partitions }, () => []);
  let time = 1_000;
  for (let written = 0; written < size; written += 1) {
    time += random(3) === 0 ? random(4) : 0;
    log[random(partitions)]?.push(time);
  }
  return log;
}

const block = (times: readonly number[], first = 0): Block => ({ times: Float64Array.from(times), first });

const places = (runs: readonly Run<Block>[]): Place[] =>
  runs.flatMap(({ partition, block: { times, first }, from, to }) =>
    [...times.subarray(from, to)].map((time, i): Place => [time, partition, first + from + i]),
  );

const inOrder = (log: readonly (readonly number[])[]): Place[] =>
  log
    .flatMap((times, partition) => times.map((time, index): Place => [time, partition, index]))
    .sort(([a, p, i], [b, q, j]) => a - b || p - q || i - j);

describe('mergePartitions', () => {
  it.each(Array.from({ length: 200 }, (_, seed) => seed))(
    'gives one order however the log is read (seed %i)',
    (seed) => {
      const random = randomFrom(seed);
      const log = randomLog(random, 1 + random(6), 300);
      const merge = mergePartitions<Block>(log.map((_, partition) => ({ partition })));
      const read = log.map(() => 0);
      const taken: Place[] = [];

      while (taken.length < 300) {
        const partition = random(log.length);
        const from = read[partition] ?? 0;
        const times = log[partition]?.slice(from, from + 1 + random(20)) ?? [];
        read[partition] = from + times.length;
        if (times.length > 0) merge.push(partition, block(times, from));
        if (random(2) === 0) {
          const asked = 1_000 + random(500);
          for (const [other, lane] of log.entries()) {
            const unread = lane[read[other] ?? 0];
            if (unread === undefined || unread >= asked) merge.completeBefore(other, asked);
          }
        }
        taken.push(...places(merge.take(1 + random(50))));
      }

      expect(taken).toEqual(inOrder(log));
      expect(merge.pending()).toBe(0);
    },
  );

  it('holds a record back while another partition may still bring an earlier one', () => {
    const merge = mergePartitions<Block>([{ partition: 0 }, { partition: 1 }]);
    merge.push(1, block([10]));

    expect(merge.take(10)).toEqual([]);
    merge.completeBefore(0, 10);
    expect(merge.ready()).toBe(false);
    merge.completeBefore(0, 11);
    expect(merge.take(10)).toHaveLength(1);
  });

  it('lets the smaller partition go first among equal times without waiting for the larger', () => {
    const merge = mergePartitions<Block>([{ partition: 0 }, { partition: 1, floor: 10 }]);
    merge.push(0, block([10]));

    const taken = merge.take(10);

    expect(taken).toHaveLength(1);
  });

  it('appends what comes too late behind what is already taken', () => {
    const merge = mergePartitions<Block>([{ partition: 0 }, { partition: 1 }]);
    merge.push(0, block([10]));
    merge.completeBefore(1, 20);
    const first = merge.take(10);

    merge.push(1, block([5]));
    merge.completeBefore(0, 20);

    expect(first).toHaveLength(1);
    expect(places(merge.take(10))).toEqual([[5, 1, 0]]);
  });

  it('says how far the order is complete', () => {
    const merge = mergePartitions<Block>([{ partition: 0 }, { partition: 1 }]);
    merge.push(0, block([10]));
    merge.completeBefore(1, 30);

    const blocked = merge.watermark();
    merge.take(10);
    merge.completeBefore(0, 25);

    expect([blocked, merge.watermark()]).toEqual([10, 25]);
  });
});
