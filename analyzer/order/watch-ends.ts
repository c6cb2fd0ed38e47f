import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@millrace/core/log/create-log';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import type { Stream } from '@millrace/core/schema/stream';
import type { PartitionOffsets } from '@millrace/core/stream/topic-offsets';
import type { StreamNumbering } from './number-stream.ts';
import { createWake, type Wake } from './wake.ts';

export type EndOffsets = (topic: string) => Promise<PartitionOffsets[]>;

type WatchOptions = {
  readonly numberings: readonly StreamNumbering[];
  readonly endOffsets: EndOffsets;
  readonly clockSkewMs: number;
  readonly log: Log;
  /** Told when the watermark of a stream may have moved. */
  readonly onMoved: () => void;
};

const POLL_MS = 100;
const RETRY_MS = 500;
/** How often a quiet topic is looked at: for what retention has removed, and for one made anew. */
const QUIET_MS = 30_000;

export type EndsWatch = {
  /**
   * Asks for all streams' end offsets now; one round at a time. Resolves without an answer when Kafka is away, and also
   * when a topic is not what it was: that ends `run`.
   */
  refresh(): Promise<void>;
  /** Says that records of the stream may wait now. */
  notice(stream: Stream): void;
  /** Keeps the watermarks moving until aborted; a topic that is not what it was ends it. */
  run(signal: AbortSignal): Promise<void>;
};

/**
 * Asks Kafka for the end offsets of a stream while its records wait for a number: as soon as the answer can release the
 * first of them, and from then on every 100 ms. A quiet stream costs a request every 30 s.
 */
export function watchEnds({ numberings, endOffsets, clockSkewMs, log, onMoved }: WatchOptions): EndsWatch {
  const wakes = new Map<string, Wake>();
  let refreshing: Promise<void> | undefined;
  const { promise: ended, reject: end } = withResolvers<never>();
  ended.catch(() => undefined);

  return {
    refresh() {
      refreshing ??= Promise.all(numberings.map(ask))
        .then(() => undefined, end)
        .then(() => {
          refreshing = undefined;
        });
      return refreshing;
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
      if (numbering.waitsFor() === undefined) await wake.wait(QUIET_MS);
      const early = (numbering.waitsFor() ?? 0) + clockSkewMs + 1 - Date.now();
      if (early > 0) await sleep(Math.min(early, QUIET_MS), undefined, { signal }).catch(() => undefined);
    }
  }

  function wakeOf({ name }: Stream): Wake {
    const wake = wakes.get(name) ?? createWake();
    wakes.set(name, wake);
    return wake;
  }

  async function ask(numbering: StreamNumbering): Promise<boolean> {
    const takeIn = numbering.askEnds();
    const offsets = await endOffsets(numbering.stream.topic).catch((err: unknown) => {
      log.debug({ err, topic: numbering.stream.topic }, 'Kafka did not say where the topic ends');
      return undefined;
    });
    if (!offsets) return false;
    takeIn(offsets);
    onMoved();
    return true;
  }
}
