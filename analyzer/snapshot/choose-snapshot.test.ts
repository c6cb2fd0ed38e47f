import { describe, expect, it } from 'vitest';
import { chooseSnapshot } from './choose-snapshot.ts';
import { type NumberingSnapshot, parseSnapshot, snapshotText } from './numbering-snapshot.ts';

const says = (count: bigint, ...offsets: bigint[]): NumberingSnapshot => ({
  count,
  partitions: offsets.map((nextOffset, partition) => ({
    partition,
    nextOffset,
    orderTime: 5,
    last: { offset: nextOffset, appendTime: 5, hash: undefined },
  })),
  repeats: [{ partition: 0, from: 2n ** 60n, to: 2n ** 60n + 1n }],
});
const holds = (...ranges: (readonly [bigint, bigint])[]) =>
  ranges.map(([lowOffset, logEndOffset], partition) => ({ partition, lowOffset, logEndOffset }));

describe('chooseSnapshot', () => {
  it('takes the earliest cut after which the topic still holds everything', () => {
    const all = [says(30n, 20n, 10n), says(12n, 6n, 6n), says(9n, 4n, 5n)];

    expect(chooseSnapshot(all, holds([5n, 40n], [6n, 40n]))).toBe(all[1]);
  });

  it('takes none when records are gone after each, or when it speaks of more than the topic has had', () => {
    expect(chooseSnapshot([says(12n, 6n, 6n)], holds([5n, 40n], [7n, 40n]))).toBeUndefined();
    expect(chooseSnapshot([says(12n, 6n, 6n)], holds([5n, 40n], [0n, 5n]))).toBeUndefined();
    expect(chooseSnapshot([says(12n, 6n)], holds([5n, 40n], [1n, 5n]))).toBeUndefined();
  });

  it('takes one that knows nothing of a partition added later', () => {
    const one = says(12n, 6n);

    expect(chooseSnapshot([one], holds([5n, 40n], [0n, 5n]))).toBe(one);
  });
});

it('a snapshot comes back from its text as it was; what is none is not taken for one', () => {
  const snapshot = says(2n ** 53n - 1n, 7n, 8n);

  expect(parseSnapshot(snapshotText(snapshot))).toEqual(snapshot);
  for (const text of ['', '{}', '{"count":-1}', 'null', '[1']) expect(parseSnapshot(text)).toBeUndefined();
});

it('takes no snapshot whose values the tables could not hold, for any client may write one', () => {
  const good = { partition: 0, next_offset: '7', order_time: 5, last: { offset: '6', append_time: 5 } };
  const of = (partition: object, rest: object = {}) =>
    parseSnapshot(JSON.stringify({ count: '1', partitions: [{ ...good, ...partition }], repeats: [], ...rest }));

  expect(of({})).toBeDefined();
  for (const partition of [
    ...[1.5, -1, 2 ** 31, 1e300].map((odd) => ({ partition: odd })),
    ...['9223372036854775808', '9'.repeat(40), '-1', '1.5'].map((odd) => ({ next_offset: odd })),
    ...[1e300, 1.5, 8.64e15 + 2].map((odd) => ({ order_time: odd })),
    ...["x'), (1, 2, 3", 'F'.repeat(64)].map((sha256) => ({ last: { offset: '6', append_time: 5, sha256 } })),
    { last: { offset: '6', append_time: 1e19 } },
  ])
    expect(of(partition), JSON.stringify(partition)).toBeUndefined();
  for (const rest of [
    { count: '9007199254740992' },
    { repeats: [[0.5, '1', '2']] },
    { repeats: [[0, '1', '9'.repeat(20)]] },
  ])
    expect(of({}, rest), JSON.stringify(rest)).toBeUndefined();
});
