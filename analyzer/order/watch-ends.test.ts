import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '@millrace/core/log/create-log';
import { TopicSetChanged } from '@millrace/core/order/topic-set-changed';
import { watchEnds } from '@millrace/core/order/watch-ends';
import { waitUntil } from '@millrace/testing/wait-until';
import { expect, it, onTestFinished } from 'vitest';
import { blockOf, fakeHistory } from '../test/fake-history.ts';
import { numberStream } from './number-stream.ts';
import { TopicChanged } from './topic-changed.ts';

const log = createLog({ name: 'test', level: 'silent' });
const missingTopic = () => Object.assign(new Error('no such topic'), { type: 'UNKNOWN_TOPIC_OR_PARTITION' });

/** A watch of one stream whose topic ends where `end` says, or that fails with what it throws. */
function watched(end: () => Promise<bigint> | bigint, missing = new Set<string>()) {
  const numbering = numberStream({ history: fakeHistory(), clockSkewMs: 0 }, [0]);
  let asked = 0;
  let moved = 0;
  const ends = watchEnds({
    topics: [numbering],
    async endOffsets() {
      asked += 1;
      return [{ partition: 0, lowOffset: 0n, logEndOffset: await end() }];
    },
    ...{ missing, clockSkewMs: 0, log },
    onMoved() {
      moved += 1;
    },
  });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  return { numbering, ends, stop, asked: () => asked, moved: () => moved };
}

it('asks until what waits has its number, and then leaves the topic alone', async () => {
  const { numbering, ends, stop, asked, moved } = watched(() => 1n);
  numbering.add(0, blockOf(0, 0n, [Date.now()]));
  numbering.add(1, blockOf(1, 0n, [Date.now() + 50]));

  const running = ends.run(stop.signal);
  await waitUntil(
    async () => asked(),
    (count) => count > 1,
  );
  while (await numbering.numberNext());
  ends.notice(numbering.stream);
  stop.abort();
  await running;

  expect(moved()).toBe(asked());
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
});

it('asks soon for what comes while it waits for a time that is far off, such as the next one of a schedule', async () => {
  const { stream } = watched(() => 0n).numbering;
  let nextTime = Date.now() + 3_600_000;
  const asked: number[] = [];
  const ends = watchEnds({
    topics: [
      {
        stream,
        beginEndOffsetFetch: () => () => undefined,
        endOffsetFetchFailed: () => undefined,
        nextTime: () => nextTime,
      },
    ],
    async endOffsets() {
      asked.push(Date.now());
      return [];
    },
    ...{ missing: new Set<string>(), clockSkewMs: 0, log },
    onMoved: () => undefined,
  });
  const stop = new AbortController();
  const running = ends.run(stop.signal);
  await waitUntil(
    async () => asked.length,
    (count) => count === 1,
  );
  await sleep(300);

  nextTime = Date.now() - 1;
  ends.notice(stream);
  const again = await waitUntil(
    async () => asked.length,
    (count) => count > 1,
    { withinMs: 10_000 },
  );

  stop.abort();
  await running;
  expect(again).toBe(2);
});

it('shares an answer among those who ask at the same time, and asks again for those who come later', async () => {
  const { ends, asked, numbering } = watched(() => 0n);

  const [first, second] = [ends.refresh(), ends.refresh()];
  await Promise.all([first.done, second.done]);
  const third = ends.refresh();
  await third.done;

  expect(second.since).toBe(first.since);
  expect(third.since).toBeGreaterThan(first.since);
  expect(asked()).toBe(2);
  expect(numbering.endOffsetsAskedAt()).toBeGreaterThanOrEqual(first.since - 2);
});

it('leaves the lag unknown when Kafka does not answer, and known again when it does', async () => {
  let away = true;
  const { ends, numbering } = watched(() => (away ? Promise.reject(new Error('away')) : 3n));

  await ends.refresh().done;
  expect(numbering.endOffsetsAskedAt()).toBeUndefined();
  away = false;
  await ends.refresh().done;

  expect([numbering.endOffsetsAskedAt() !== undefined, numbering.lag()]).toEqual([true, 3n]);
});

it('ends when a topic is missing, when one that was missing is there again, and when one is another', async () => {
  const gone = watched(() => Promise.reject(missingTopic()));
  const back = watched(() => 0n, new Set(['things']));
  const other = watched(() => 1n);
  other.numbering.skipTo(0, 5n);

  await expect(gone.ends.run(gone.stop.signal)).rejects.toThrow(
    new TopicSetChanged(gone.numbering.stream, 'is missing'),
  );
  await expect(back.ends.run(back.stop.signal)).rejects.toThrow(TopicSetChanged);
  await expect(other.ends.run(other.stop.signal)).rejects.toThrow(TopicChanged);
});

it('keeps asking for a topic that was left out', async () => {
  const { ends, stop, asked } = watched(() => Promise.reject(missingTopic()), new Set(['things']));

  const running = ends.run(stop.signal);
  await waitUntil(
    async () => asked(),
    (count) => count > 1,
  );
  stop.abort();

  await expect(running).resolves.toBeUndefined();
});
