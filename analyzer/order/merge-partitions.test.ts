import { describe, expect, it } from 'vitest';
import { mergePartitions, type Ordered } from './merge-partitions.ts';

/** A small generator (mulberry32), so that a failing seed can be run again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
}

/** A log as brokers write it: append times rise with each partition, with many ties within and across partitions. */
function randomLog(random: (below: number) => number, partitions: number, size: number): Ordered[][] {
  const log: Ordered[][] = Array.from({ length: partitions }, () => []);
  let time = 1_000;
  for (let written = 0; written < size; written += 1) {
    time += random(3) === 0 ? random(4) : 0;
    const partition = random(partitions);
    const lane = log[partition] ?? [];
    lane.push({ partition, offset: BigInt(lane.length * 2 + random(2)), orderTime: time });
  }
  return log;
}

const byOrder = (a: Ordered, b: Ordered) =>
  a.orderTime - b.orderTime || a.partition - b.partition || Number(a.offset - b.offset);

describe('mergePartitions', () => {
  it.each(Array.from({ length: 200 }, (_, seed) => seed))('gives one order however the log is read (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const log = randomLog(random, 1 + random(6), 300);
    const merge = mergePartitions<Ordered>(log.map((_, partition) => ({ partition })));
    const read = log.map(() => 0);
    const taken: Ordered[] = [];

    while (taken.length < 300) {
      const partition = random(log.length);
      const from = read[partition] ?? 0;
      const records = log[partition]?.slice(from, from + 1 + random(20)) ?? [];
      read[partition] = from + records.length;
      merge.push(partition, records);
      if (random(2) === 0) {
        const asked = 1_000 + random(500);
        for (const [other, lane] of log.entries()) {
          const unread = lane[read[other] ?? 0];
          if (!unread || unread.orderTime >= asked) merge.completeBefore(other, asked);
        }
      }
      taken.push(...merge.take(1 + random(50)));
    }

    expect(taken).toEqual(log.flat().sort(byOrder));
  });

  it('holds a record back while another partition may still bring an earlier one', () => {
    const merge = mergePartitions<Ordered>([{ partition: 0 }, { partition: 1 }]);
    merge.push(1, [{ partition: 1, offset: 0n, orderTime: 10 }]);

    expect(merge.take(10)).toEqual([]);
    merge.completeBefore(0, 10);
    expect(merge.take(10)).toEqual([]);
    merge.completeBefore(0, 11);
    expect(merge.take(10)).toHaveLength(1);
  });

  it('lets the smaller partition go first among equal times without waiting for the larger', () => {
    const merge = mergePartitions<Ordered>([{ partition: 0 }, { partition: 1, floor: 10 }]);
    merge.push(0, [{ partition: 0, offset: 0n, orderTime: 10 }]);

    const taken = merge.take(10);

    expect(taken).toHaveLength(1);
  });

  it('appends what comes too late behind what is already numbered', () => {
    const merge = mergePartitions<Ordered>([{ partition: 0 }, { partition: 1 }]);
    merge.push(0, [{ partition: 0, offset: 0n, orderTime: 10 }]);
    merge.completeBefore(1, 20);
    const first = merge.take(10);

    merge.push(1, [{ partition: 1, offset: 0n, orderTime: 5 }]);
    merge.completeBefore(0, 20);

    expect(first).toHaveLength(1);
    expect(merge.take(10).map(({ orderTime }) => orderTime)).toEqual([5]);
  });

  it('says how far the order is complete', () => {
    const merge = mergePartitions<Ordered>([{ partition: 0 }, { partition: 1 }]);
    merge.push(0, [{ partition: 0, offset: 0n, orderTime: 10 }]);
    merge.completeBefore(1, 30);

    const blocked = merge.watermark();
    merge.take(10);
    merge.completeBefore(0, 25);

    expect([blocked, merge.watermark()]).toEqual([10, 25]);
  });
});
