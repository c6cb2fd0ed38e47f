import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@millrace/core/log/create-log';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import type { Stream } from '@millrace/core/schema/stream';
import { isUnknownTopic } from '@millrace/core/stream/kafka-fault';
import type { PartitionOffsets } from '@millrace/core/stream/topic-offsets';
import type { StreamNumbering } from './number-stream.ts';
import { TopicSetChanged } from './topic-set-changed.ts';
import { createWake, type Wake } from './wake.ts';

export type EndOffsets = (topic: string) => Promise<PartitionOffsets[]>;

type WatchOptions = {
  readonly numberings: readonly StreamNumbering[];
  readonly endOffsets: EndOffsets;
  /** Topics that Kafka did not have when this began; they are not read. */
  readonly missing: ReadonlySet<string>;
  readonly clockSkewMs: number;
  readonly log: Log;
  /** Published when the watermark of a stream may have moved. */
  readonly onMoved: () => void;
};

const POLL_MS = 100;
const RETRY_MS = 500;
/** Who asks within this time of another shares the answers. */
const SHARED_MS = 200;
/** While Kafka does not answer, no more questions than these wait for it. */
const MAX_ROUNDS = 2;
/** How often a quiet topic is looked at: for what retention has removed, and for one recreated. */
const QUIET_MS = 30_000;

export type EndsWatch = {
  /** Asks for all streams' end offsets, unless that was begun a moment ago. */
  refresh(): Refresh;
  /** Says that records of the stream may wait now. */
  notice(stream: Stream): void;
  /** Keeps the watermarks moving until aborted; a topic that has changed, is missing or is there again ends it. */
  run(signal: AbortSignal): Promise<void>;
};

export type Refresh = {
  /** When the questions were put, by `performance.now()`. */
  readonly since: number;
  /** Resolves when each is answered or has failed. */
  readonly done: Promise<void>;
};

/**
 * Asks Kafka for the end offsets of a stream while its records wait for a number: as soon as the answer can release the
 * first of them, and from then on every 100 ms. A quiet stream costs a request every 30 s.
 */
export function watchEnds(options: WatchOptions): EndsWatch {
  const { numberings, endOffsets, missing, clockSkewMs, log, onMoved } = options;
  const wakes = new Map<string, Wake>();
  const rounds = new Set<Refresh>();
  const { promise: ended, reject: end } = withResolvers<never>();
  ended.catch(() => undefined);

  return {
    refresh() {
      const now = performance.now();
      const newest = [...rounds].at(-1);
      if (newest && now - newest.since < SHARED_MS) return newest;
      if (newest && rounds.size >= MAX_ROUNDS) return { since: now, done: newest.done };
      const done = Promise.all(numberings.map(ask)).then(() => undefined, end);
      const round = { since: now, done: done.finally(() => rounds.delete(round)) };
      rounds.add(round);
      return round;
    },
    notice: (stream) => wakeOf(stream).notify(),
    async run(signal) {
      await Promise.race([ended, Promise.all(numberings.map((numbering) => watch(numbering, signal)))]);
    },
  };

  async function watch(numbering: StreamNumbering, signal: AbortSignal): Promise<void> {
    const wake = wakeOf(numbering.stream);
    signal.addEventListener('abort', wake.notify, { once: true });
    while (!signal.aborted) {
      const answered = await ask(numbering);
      await sleep(answered ? POLL_MS : RETRY_MS, undefined, { signal }).catch(() => undefined);
      if (!answered || signal.aborted) continue;
      if (numbering.nextTime() === undefined) await wake.wait(QUIET_MS);
      const early = (numbering.nextTime() ?? 0) + clockSkewMs + 1 - Date.now();
      if (early > 0) await sleep(Math.min(early, QUIET_MS), undefined, { signal }).catch(() => undefined);
    }
  }

  function wakeOf({ name }: Stream): Wake {
    const wake = wakes.get(name) ?? createWake();
    wakes.set(name, wake);
    return wake;
  }

  async function ask(numbering: StreamNumbering): Promise<boolean> {
    const apply = numbering.beginEndOffsetFetch();
    const { stream } = numbering;
    const isLeftOut = missing.has(stream.topic);
    const offsets = await endOffsets(stream.topic).catch((err: unknown) => {
      log.debug({ err, topic: stream.topic }, 'Kafka did not say where the topic ends');
      numbering.endOffsetFetchFailed();
      if (isUnknownTopic(err) && !isLeftOut) throw new TopicSetChanged(stream, 'is missing');
      return undefined;
    });
    if (!offsets) return false;
    if (isLeftOut) throw new TopicSetChanged(stream, 'is there again');
    apply(offsets);
    onMoved();
    return true;
  }
}
