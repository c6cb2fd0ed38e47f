import { describe, expect, it } from 'vitest';
import { leftOut, withoutKnown } from './repeats.ts';

const OFFSETS = [10n, 11n, 13n, 14n, 15n, 17n];
const block = { times: new Float64Array(OFFSETS.length), offsets: BigInt64Array.from(OFFSETS) };
const run = (from: number, to: number, partition = 0) => ({ partition, block, from, to });

describe('repeats', () => {
  it('are published as ranges of offsets from what is left of some runs', () => {
    const all = [run(0, 6), { ...run(0, 2), block: { ...block }, partition: 1 }];

    expect(leftOut(all, all)).toEqual([]);
    expect(leftOut(all, [run(1, 2), run(4, 6)])).toEqual([
      { partition: 0, from: 10n, to: 11n },
      { partition: 0, from: 13n, to: 15n },
      { partition: 1, from: 10n, to: 12n },
    ]);
  });

  it('that are known are left out, those of their own partition alone', () => {
    const known = [
      { partition: 0, from: 11n, to: 14n },
      { partition: 0, from: 17n, to: 18n },
      { partition: 1, from: 10n, to: 99n },
    ];

    expect(withoutKnown([run(0, 6)], known)).toEqual([run(0, 1), run(3, 5)]);
    expect(withoutKnown([run(0, 6)], [])).toEqual([run(0, 6)]);
  });
});
