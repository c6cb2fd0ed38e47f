import { createLog } from '@millrace/core/log/create-log';
import { waitUntil } from '@millrace/testing/wait-until';
import { describe, expect, it, onTestFinished } from 'vitest';
import { blockOf, fakeHistory } from '../test/fake-history.ts';
import { fakeReader } from '../test/fake-reader.ts';
import { things } from '../test/things.ts';
import { followTopics } from './follow-topics.ts';
import { numberStream } from './number-stream.ts';
import { TopicChanged } from './topic-changed.ts';

const log = createLog({ name: 'test', level: 'silent' });
const PAST = Date.now() - 60_000;
/** More records than are read ahead of the numbering. */
const MANY = 30_000;

/** Follows streams of one partition each, of which Kafka says that they end where `ends` says. */
async function following(names: readonly string[], ends: () => bigint = () => 0n, missing: readonly string[] = []) {
  const histories = names.map((name) => {
    const history = fakeHistory();
    return { ...history, table: { ...history.table, stream: { ...things, name, topic: name } } };
  });
  const reader = fakeReader();
  const rounds = { count: 0 };
  const numbered: string[] = [];
  const unusable: string[] = [];
  const follow = await followTopics({
    numberings: histories.map((history) => numberStream({ history, clockSkewMs: 0 }, [0])),
    openReader: reader.open,
    endOffsets: async () => [{ partition: 0, lowOffset: 0n, logEndOffset: ends() }],
    missing: new Set(missing),
    ...{ groupPrefix: 'test-', clockSkewMs: 0, log },
    async afterRound() {
      rounds.count += 1;
    },
    onNumbered: ({ name }, { numbered: count }) => void numbered.push(`${name} ${count}`),
    onUnusable: ({ name }, reasons) => void unusable.push(`${name} ${reasons.join()}`),
  });
  onTestFinished(() => follow.close());
  return { follow, reader, histories, numbered, unusable, rounds };
}

describe('followTopics', () => {
  it('numbers what is read of each stream, and counts what can not be used', async () => {
    const { reader, histories, numbered, unusable } = await following(['a', 'b']);

    await reader.events().onRead('a', 0, blockOf(0, 0n, [PAST, PAST]));
    await reader.events().onRead('b', 0, { ...blockOf(0, 0n, [PAST]), faults: ['not Avro'] });
    await waitUntil(
      async () => numbered,
      (all) => all.length === 2,
    );

    expect(histories.map(({ appended }) => appended)).toEqual([['0:0', '0:1'], ['0:0']]);
    expect(numbered.sort()).toEqual(['a 2', 'b 1']);
    expect(unusable).toEqual(['b not Avro']);
  });

  it('reads on while records are numbered, and takes no more than it can hold meanwhile', async () => {
    const { reader, histories, numbered } = await following(['a']);
    const release = histories[0]?.hold();
    let taken = false;

    const reading = reader.events().onRead('a', 0, blockOf(0, 0n, Array(MANY).fill(PAST)));
    void reading.then(() => {
      taken = true;
    });
    await waitUntil(
      async () => taken,
      () => true,
    );
    expect(taken).toBe(false);
    release?.();
    await reading;

    await waitUntil(
      async () => histories[0]?.appended.length,
      (count) => count === MANY,
    );
    expect(numbered.length).toBeGreaterThan(1);
    expect(reader.calls).toEqual([]);
  });

  it('pauses a partition whose records wait for another, and resumes it when they have their numbers', async () => {
    const { reader, histories, follow } = await following(['a'], () => BigInt(MANY));
    await reader.events().onRead('a', 1, blockOf(1, 0n, Array(MANY).fill(PAST + 1)));

    expect(reader.calls).toEqual(['pause a:1']);
    await reader.events().onRead('a', 0, blockOf(0, 0n, Array(2).fill(PAST + 2)));
    reader.events().onSkipped('a', 0, BigInt(MANY));
    await follow.refresh().done;
    await waitUntil(
      async () => histories[0]?.appended.length,
      (count) => count === MANY,
    );

    expect(reader.calls).toEqual(['pause a:1', 'resume a:1']);
  });

  it('says which partitions stand still, and numbers the other streams', async () => {
    const { follow, reader, histories } = await following(['a', 'b']);
    const stuck = { topic: 'a', partition: 0, firstOffset: 5n, lastOffset: 9n, reason: 'its checksum is wrong' };

    reader.events().onUnreadable([stuck]);
    await reader.events().onRead('b', 0, blockOf(0, 0n, [PAST]));
    await waitUntil(
      async () => histories[1]?.appended.length,
      (count) => count === 1,
    );

    expect(follow.unreadable()).toEqual([stuck]);
    reader.events().onUnreadable([]);
    expect(follow.unreadable()).toEqual([]);
  });

  it('leaves a topic out that is missing', async () => {
    const { reader } = await following(['a', 'b'], () => 0n, ['b']);

    expect(reader.opened.map(({ what }) => what.streams.map(({ name }) => name))).toEqual([['a']]);
  });

  it('ends with what broke, and closes the reader and what waits', async () => {
    const { follow, reader, histories } = await following(['a']);
    const release = histories[0]?.hold();
    const waiting = reader.events().onRead('a', 0, blockOf(0, 0n, Array(MANY).fill(PAST)));
    const changed = new TopicChanged(things, 'it was cut');

    reader.fail(changed);

    await expect(follow.done).rejects.toBe(changed);
    const closing = follow.close();
    await waiting;
    release?.();
    await closing;
    expect(reader.calls).toContain('close');
  });
});
