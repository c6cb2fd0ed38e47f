import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Log } from '@millrace/core/log/create-log';
import { createWake } from '@millrace/core/order/wake';
import { type EndOffsets, type Refresh, watchEnds } from '@millrace/core/order/watch-ends';
import type { Stream } from '@millrace/core/schema/stream';
import { partitionName } from '@millrace/core/stream/partition-name';
import type { UnreadablePartition } from '@millrace/core/stream/unreadable-partitions';
import type { OpenReader } from '../read/open-reader.ts';
import type { ReadBlock } from '../read/read-block.ts';
import type { Numbered, StreamNumbering } from './number-stream.ts';

export type FollowOptions = {
  readonly openReader: OpenReader;
  readonly numberings: readonly StreamNumbering[];
  readonly endOffsets: EndOffsets;
  /** Topics that Kafka does not have now: they are not read, and looked for until one is there. */
  readonly missing: ReadonlySet<string>;
  readonly groupPrefix: string;
  readonly clockSkewMs: number;
  readonly log: Log;
  /** Called again and again, when nothing is being stored. */
  readonly afterRound: () => Promise<void>;
  readonly onNumbered: (stream: Stream, numbered: Numbered) => void;
  /** Published why records can't be used, an entry for each. */
  readonly onUnusable: (stream: Stream, reasons: readonly string[]) => void;
};

export type Following = {
  /** Brings the end offsets, and with them lag and watermarks, up to date. */
  refresh(): Refresh;
  /** The partitions that are not read on, because a batch of theirs can't be read. */
  unreadable(): readonly UnreadablePartition[];
  readonly done: Promise<never>;
  close(): Promise<void>;
};

/** Records of one partition in memory, past which it is not read on: while they are numbered, or until the others have caught up. */
const AHEAD_RECORDS = 24_576;
const IDLE_MS = 1_000;
/** Who waits for the end while all goes well; more than these are a leak, of which Node warns. */
const LISTENERS = 10;
/** The wait for a stream's next record and the pause before its end offsets are asked for. */
const LISTENERS_PER_STREAM = 2;

/**
 * Reads all streams' topics and numbers their records, until closed. `done` rejects when something broke, with
 * `TopicChanged` when a topic was recreated or truncated, and with `TopicSetChanged` when one is missing or there again. The consumer group is this process's own, so that every
 * analyzer reads every partition.
 */
export async function followTopics(options: FollowOptions): Promise<Following> {
  const { numberings } = options;
  const byTopic = new Map(numberings.map((numbering) => [numbering.stream.topic, numbering]));
  const stop = new AbortController();
  setMaxListeners(LISTENERS + LISTENERS_PER_STREAM * numberings.length, stop.signal);
  const wake = createWake();
  const rounds: (() => void)[] = [];
  const paused = new Map<string, { topic: string; partition: number }>();

  const ends = watchEnds({ ...options, topics: numberings, onMoved: wake.notify });

  let unreadable: readonly UnreadablePartition[] = [];
  const there = numberings.filter(({ stream }) => !options.missing.has(stream.topic));
  const reader = await options.openReader(
    {
      groupId: `${options.groupPrefix}analyzer-${randomUUID()}`,
      streams: there.map(({ stream }) => stream),
      starts: there.flatMap((each) => each.starts()),
    },
    {
      onRead: take,
      onUnreadable(partitions) {
        unreadable = partitions;
      },
      onWriter: (topic, schemaId) => byTopic.get(topic)?.noteWriterSchema(schemaId),
      onSkipped(topic, partition, nextOffset) {
        byTopic.get(topic)?.skipTo(partition, nextOffset);
        wake.notify();
      },
    },
  );
  const numbering = numberAll();
  const watching = ends.run(stop.signal);
  const broken = Promise.race([reader.done, failureOf(numbering), failureOf(watching)]);
  broken.catch(() => undefined);

  return {
    refresh: ends.refresh,
    unreadable: () => unreadable,
    done: broken,
    async close() {
      stop.abort();
      wake.notify();
      for (const resolve of rounds.splice(0)) resolve();
      await Promise.allSettled([reader.close(), numbering, watching]);
    },
  };

  async function take(topic: string, partition: number, read: ReadBlock): Promise<void> {
    const each = byTopic.get(topic);
    if (!each) return;
    each.add(partition, read);
    if (read.faults.length > 0) options.onUnusable(each.stream, read.faults);
    wake.notify();
    ends.notice(each.stream);
    while (each.pending(partition) > AHEAD_RECORDS && each.ready() && !stop.signal.aborted) await nextRound();
    if (each.pending(partition) <= AHEAD_RECORDS) return;
    reader.pause(topic, partition);
    paused.set(partitionName(topic, partition), { topic, partition });
  }

  async function numberAll(): Promise<void> {
    while (!stop.signal.aborted) {
      let any = false;
      for (const each of numberings) {
        const numbered = await each.numberNext();
        if (!numbered) continue;
        any = true;
        options.onNumbered(each.stream, numbered);
        resumeReady(each);
        for (const resolve of rounds.splice(0)) resolve();
        if (stop.signal.aborted) return;
      }
      await options.afterRound();
      if (!any) await wake.wait(IDLE_MS);
    }
  }

  /** Resolves when some records more have their numbers, or when closing. */
  function nextRound(): Promise<void> {
    return new Promise((resolve) => rounds.push(resolve));
  }

  function resumeReady(numbering: StreamNumbering) {
    for (const [name, { topic, partition }] of paused) {
      if (topic !== numbering.stream.topic || numbering.pending(partition) > AHEAD_RECORDS / 2) continue;
      paused.delete(name);
      reader.resume(topic, partition);
    }
  }
}

/** A promise that only ever rejects, with what the work rejects with. */
function failureOf(work: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    work.catch(reject);
  });
}
