import { describe, expect, it } from 'vitest';
import { chooseStatement } from './choose-statement.ts';
import { parseStatement, type Statement, statementText } from './statement.ts';

const says = (count: bigint, ...offsets: bigint[]): Statement => ({
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

describe('chooseStatement', () => {
  it('takes the earliest cut after which the topic still holds everything', () => {
    const all = [says(30n, 20n, 10n), says(12n, 6n, 6n), says(9n, 4n, 5n)];

    expect(chooseStatement(all, holds([5n, 40n], [6n, 40n]))).toBe(all[1]);
  });

  it('takes none when records are gone after each, or when it speaks of more than the topic has had', () => {
    expect(chooseStatement([says(12n, 6n, 6n)], holds([5n, 40n], [7n, 40n]))).toBeUndefined();
    expect(chooseStatement([says(12n, 6n, 6n)], holds([5n, 40n], [0n, 5n]))).toBeUndefined();
    expect(chooseStatement([says(12n, 6n)], holds([5n, 40n], [1n, 5n]))).toBeUndefined();
  });

  it('takes one that knows nothing of a partition added later', () => {
    const one = says(12n, 6n);

    expect(chooseStatement([one], holds([5n, 40n], [0n, 5n]))).toBe(one);
  });
});

it('a statement comes back from its text as it was; what is none is not taken for one', () => {
  const statement = says(2n ** 62n, 7n, 8n);

  expect(parseStatement(statementText(statement))).toEqual(statement);
  for (const text of ['', '{}', '{"count":-1}', 'null', '[1']) expect(parseStatement(text)).toBeUndefined();
});
