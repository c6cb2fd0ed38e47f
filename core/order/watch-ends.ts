import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log/create-log.ts';
import { withResolvers } from '../promise/with-resolvers.ts';
import type { Stream } from '../schema/stream.ts';
import { isUnknownTopic } from '../stream/kafka-fault.ts';
import type { PartitionOffsets } from '../stream/topic-offsets.ts';
import { TopicSetChanged } from './topic-set-changed.ts';
import { createWake, type Wake } from './wake.ts';

export type EndOffsets = (topic: string) => Promise<PartitionOffsets[]>;

/** A topic whose records wait, in a merge, for what its partitions may still bring. */
export type Watched = {
  readonly stream: Stream;
  /** Called when the question is put; what it gives is called with the answer. */
  beginEndOffsetFetch(): (offsets: readonly PartitionOffsets[]) => void;
  endOffsetFetchFailed(): void;
  /** The order time of the first record that waits, if one does. */
  nextTime(): number | undefined;
};

type WatchOptions = {
  readonly topics: readonly Watched[];
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
  const { topics, endOffsets, missing, clockSkewMs, log, onMoved } = options;
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
      const done = Promise.all(topics.map(ask)).then(() => undefined, end);
      const round = { since: now, done: done.finally(() => rounds.delete(round)) };
      rounds.add(round);
      return round;
    },
    notice: (stream) => wakeOf(stream).notify(),
    async run(signal) {
      await Promise.race([ended, Promise.all(topics.map((watched) => watch(watched, signal)))]);
    },
  };

  async function watch(watched: Watched, signal: AbortSignal): Promise<void> {
    const wake = wakeOf(watched.stream);
    signal.addEventListener('abort', wake.notify, { once: true });
    while (!signal.aborted) {
      const answered = await ask(watched);
      await sleep(answered ? POLL_MS : RETRY_MS, undefined, { signal }).catch(() => undefined);
      if (answered && !signal.aborted) await untilAnswerReleases(watched, wake, signal);
    }
  }

  /** An answer can release what waits once the clocks may differ no more. What comes meanwhile may wait for an earlier one. */
  async function untilAnswerReleases(watched: Watched, wake: Wake, signal: AbortSignal): Promise<void> {
    if (watched.nextTime() === undefined) await wake.wait(QUIET_MS);
    const atLast = Date.now() + QUIET_MS;
    while (!signal.aborted) {
      const early = Math.min((watched.nextTime() ?? 0) + clockSkewMs + 1, atLast) - Date.now();
      if (early <= 0) return;
      await wake.wait(early);
    }
  }

  function wakeOf({ name }: Stream): Wake {
    const wake = wakes.get(name) ?? createWake();
    wakes.set(name, wake);
    return wake;
  }

  async function ask(watched: Watched): Promise<boolean> {
    const apply = watched.beginEndOffsetFetch();
    const { stream } = watched;
    const isLeftOut = missing.has(stream.topic);
    const offsets = await endOffsets(stream.topic).catch((err: unknown) => {
      log.debug({ err, topic: stream.topic }, 'Kafka did not say where the topic ends');
      watched.endOffsetFetchFailed();
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
