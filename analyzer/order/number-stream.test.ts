import { describe, expect, it } from 'vitest';
import { blockOf, fakeHistory } from '../test/fake-history.ts';
import { numberStream } from './number-stream.ts';
import { TopicChanged } from './topic-changed.ts';

const SKEW_MS = 10;
const NOW = Date.now();

function numbering(partitions = [0], history = fakeHistory()) {
  return { history, stream: numberStream({ history, clockSkewMs: SKEW_MS }, partitions) };
}

const ends = (...offsets: (readonly [low: bigint, end: bigint])[]) =>
  offsets.map(([lowOffset, logEndOffset], partition) => ({ partition, lowOffset, logEndOffset }));

describe('numberStream', () => {
  it('numbers by append time across partitions, once nothing earlier can come', async () => {
    const { history, stream } = numbering([0, 1]);
    stream.add(0, blockOf(0, 0n, [NOW, NOW + 2]));
    stream.add(1, blockOf(1, 0n, [NOW + 1]));

    expect(await stream.numberNext()).toMatchObject({ numbered: 2 });
    expect(history.appended).toEqual(['0:0', '1:0']);
    expect([stream.ready(), stream.nextTime()]).toEqual([false, NOW + 2]);
    stream.beginEndOffsetFetch(NOW + 2 + SKEW_MS + 1)(ends([0n, 2n], [0n, 1n]));
    expect(await stream.numberNext()).toMatchObject({ numbered: 1, late: 0 });
    expect(history.appended).toEqual(['0:0', '1:0', '0:1']);
    expect(await stream.numberNext()).toBeUndefined();
  });

  it('numbers a record that appears after newer ones behind them, as a late one', async () => {
    const { history, stream } = numbering();
    stream.add(0, blockOf(0, 0n, [NOW]));
    await stream.numberNext();

    stream.add(1, blockOf(1, 0n, [NOW - 5]));
    stream.beginEndOffsetFetch(NOW + 100)(ends([0n, 1n], [0n, 1n]));

    expect(await stream.numberNext()).toMatchObject({ numbered: 1, late: 1 });
    expect(history.appended).toEqual(['0:0', '1:0']);
  });

  it('stands still with a partition that is not read on, and keeps answering what is numbered', async () => {
    const { history, stream } = numbering([0, 1]);
    stream.add(0, blockOf(0, 0n, [NOW]));
    stream.add(1, blockOf(1, 0n, [NOW + 1, NOW + 5]));
    stream.beginEndOffsetFetch(NOW + 60_000)(ends([0n, 3n], [0n, 2n]));

    await stream.numberNext();

    expect(history.appended).toEqual(['0:0']);
    expect(await stream.numberNext()).toBeUndefined();
    expect([stream.watermark(), stream.lag()]).toEqual([NOW, 4n]);
    stream.skipTo(0, 3n);
    stream.beginEndOffsetFetch(NOW + 60_000)(ends([0n, 3n], [0n, 2n]));
    expect(await stream.numberNext()).toMatchObject({ numbered: 2 });
    expect(stream.lag()).toBe(0n);
  });

  it('counts what is being stored as not numbered', async () => {
    const { history, stream } = numbering();
    stream.beginEndOffsetFetch(NOW)(ends([0n, 2n]));
    stream.add(0, blockOf(0, 0n, [NOW, NOW]));
    const release = history.hold();

    const storing = stream.numberNext();

    expect([stream.lag(), stream.caughtUp()]).toEqual([2n, { done: 0n, target: 2n }]);
    release();
    await storing;
    expect([stream.lag(), stream.caughtUp()]).toEqual([0n, { done: 2n, target: 2n }]);
  });

  it('counts control records at the end as numbered, where nothing waits before them', async () => {
    const { stream } = numbering();
    stream.add(0, blockOf(0, 0n, [NOW]));
    await stream.numberNext();
    stream.beginEndOffsetFetch(NOW)(ends([0n, 3n]));

    expect(stream.lag()).toBe(2n);
    stream.skipTo(0, 3n);
    expect(stream.lag()).toBe(0n);
  });

  it('counts neither as lag nor as a target what retention has removed meanwhile', async () => {
    const { stream } = numbering();
    stream.beginEndOffsetFetch(NOW)(ends([0n, 1_000n]));

    stream.beginEndOffsetFetch(NOW)(ends([900n, 1_000n]));

    expect(stream.lag()).toBe(100n);
    expect(stream.caughtUp()).toEqual({ done: 0n, target: 100n });
  });

  it('has the history forget what retention has removed, once for each move of the start', async () => {
    const { history, stream } = numbering();
    stream.beginEndOffsetFetch(NOW)(ends([5n, 9n]));
    stream.beginEndOffsetFetch(NOW)(ends([5n, 10n]));

    await stream.numberNext();
    await stream.numberNext();

    expect(history.forgotten).toEqual([5n]);
    expect(stream.isTruncated()).toBe(true);
  });

  it('knows its lag while Kafka answers, and not after a question in vain', () => {
    const { stream } = numbering();

    expect([stream.lag(), stream.endOffsetsAskedAt()]).toEqual([undefined, undefined]);
    const before = performance.now();
    stream.beginEndOffsetFetch()(ends([0n, 2n]));
    expect(stream.lag()).toBe(2n);
    expect(stream.endOffsetsAskedAt()).toBeGreaterThanOrEqual(before - 1);
    stream.endOffsetFetchFailed();
    expect(stream.endOffsetsAskedAt()).toBeUndefined();
  });

  it('begins at the last record that was numbered, so that it shows itself again', () => {
    const last = { offset: 6n, appendTime: 5, hash: 'f'.repeat(64) };
    const { stream } = numbering([0, 1], fakeHistory([{ partition: 0, nextOffset: 7n, orderTime: 5, last }]));

    expect(stream.starts()).toEqual([{ topic: 'things', partition: 0, nextOffset: 7n, orderTime: 5, last }]);
  });

  it('takes a topic for another when it ends before what was read, but not when more was read while the answer came', () => {
    const { stream } = numbering();
    stream.skipTo(0, 400n);

    const apply = stream.beginEndOffsetFetch();
    stream.skipTo(0, 500n);

    expect(() => apply(ends([0n, 400n]))).not.toThrow();
    expect(() => stream.beginEndOffsetFetch()(ends([0n, 400n]))).toThrow(TopicChanged);
  });
});
