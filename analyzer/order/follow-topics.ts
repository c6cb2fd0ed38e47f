import { randomUUID } from 'node:crypto';
import type { Log } from '@millrace/core/log/create-log';
import type { Stream } from '@millrace/core/schema/stream';
import { type ConsumeOptions, type Consumption, consume } from '@millrace/core/stream/consume';
import type { Numbered, StreamNumbering } from './number-stream.ts';
import { createWake } from './wake.ts';
import { type EndOffsets, watchEnds } from './watch-ends.ts';

export type FollowOptions = Pick<ConsumeOptions, 'kafka' | 'admin'> & {
  readonly numberings: readonly StreamNumbering[];
  readonly endOffsets: EndOffsets;
  readonly groupPrefix: string;
  readonly clockSkewMs: number;
  readonly log: Log;
  readonly onNumbered: (stream: Stream, numbered: Numbered) => void;
  /** Told why records can't be used, an entry for each. */
  readonly onUnusable: (stream: Stream, reasons: readonly string[]) => void;
};

export type Following = {
  /** Brings the end offsets, and with them lag and watermarks, up to date. */
  refresh(): Promise<void>;
  readonly done: Promise<never>;
  close(): Promise<void>;
};

/** Records of one partition in memory, past which it is not read on: while they are numbered, or until the others have caught up. */
const AHEAD_RECORDS = 8_192;
const IDLE_MS = 1_000;

/**
 * Reads all streams' topics and numbers their records, until closed. `done` rejects when something broke, and with
 * `TopicChanged` when a topic is not what was read before. The consumer group is this process's own, so that every
 * analyzer reads every partition.
 */
export async function followTopics(options: FollowOptions): Promise<Following> {
  const { numberings, kafka, admin, log, groupPrefix } = options;
  const byTopic = new Map(numberings.map((numbering) => [numbering.stream.topic, numbering]));
  const stop = new AbortController();
  const wake = createWake();
  const rounds: (() => void)[] = [];
  const paused = new Map<string, { topic: string; partition: number }>();

  const consumption = await consume({
    kafka,
    admin,
    log,
    groupId: `${groupPrefix}analyzer-${randomUUID()}`,
    topics: [...byTopic.keys()],
    commitHints: false,
    checkpoint: async (topic, partition) => byTopic.get(topic)?.startAt(partition),
    onBatch: async (batch, signal) => {
      const { topic, partition } = batch;
      const numbering = byTopic.get(topic);
      if (!numbering) return;
      const reasons = await numbering.add(batch);
      if (reasons.length > 0) options.onUnusable(numbering.stream, reasons);
      wake.notify();
      while (
        numbering.pending(partition) > AHEAD_RECORDS &&
        numbering.ready() &&
        !signal.aborted &&
        !stop.signal.aborted
      )
        await nextRound();
      if (numbering.pending(partition) > AHEAD_RECORDS) {
        consumption.pause(topic, partition);
        paused.set(`${topic}:${partition}`, { topic, partition });
      }
    },
    onSkipped: (topic, partition, nextOffset) => {
      byTopic.get(topic)?.skipTo(partition, nextOffset);
      wake.notify();
    },
  });
  const numbering = numberAll();
  const ends = watchEnds({ ...options, onMoved: wake.notify });
  const watching = ends.run(stop.signal);
  const broken = Promise.race([consumption.done, failureOf(numbering), failureOf(watching)]);
  broken.catch(() => undefined);

  return {
    refresh: ends.refresh,
    done: broken,
    async close() {
      stop.abort();
      wake.notify();
      for (const resolve of rounds.splice(0)) resolve();
      await Promise.allSettled([consumption.close(), numbering, watching]);
    },
  };

  async function numberAll(): Promise<void> {
    while (!stop.signal.aborted) {
      let any = false;
      for (const each of numberings) {
        const numbered = await each.numberNext();
        if (!numbered) continue;
        any = true;
        options.onNumbered(each.stream, numbered);
        resumeReady(consumption, each);
        for (const resolve of rounds.splice(0)) resolve();
        if (stop.signal.aborted) return;
      }
      if (!any) await wake.wait(IDLE_MS);
    }
  }

  /** Resolves when some records more have their numbers, or when closing. */
  function nextRound(): Promise<void> {
    return new Promise((resolve) => rounds.push(resolve));
  }

  function resumeReady({ resume }: Consumption, numbering: StreamNumbering) {
    for (const [name, { topic, partition }] of paused) {
      if (topic !== numbering.stream.topic || numbering.pending(partition) > AHEAD_RECORDS / 2) continue;
      paused.delete(name);
      resume(topic, partition);
    }
  }
}

/** A promise that only ever rejects, with what the work rejects with. */
function failureOf(work: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    work.catch(reject);
  });
}
