import type { Log } from '@millrace/core/log/create-log';
import type { Stream } from '@millrace/core/schema/stream';
import type { StreamNumbering } from '../order/number-stream.ts';
import type { NumberingSnapshot } from './numbering-snapshot.ts';
import type { Kind, Snapshots } from './open-snapshots.ts';

type Published = {
  start: string | undefined;
  end: string | undefined;
  endAt: number;
  sending: Promise<void> | undefined;
};

export type SnapshotPublisher = {
  /** Publishes where a numbering stands when retention has moved its start, and in time before it can. */
  publish(numbering: StreamNumbering): Promise<void>;
  /** Publishes where they end up, and waits until all snapshots are written, or can't be. */
  finish(numberings: readonly StreamNumbering[]): Promise<void>;
  /** Retracts the snapshots of a topic that was recreated or truncated. */
  retract(stream: Stream): void;
};

/** How often within the retention time the newest number is published: none is removed before it is. */
const TIMES_WITHIN_RETENTION = 32;
const LONGEST_PERIOD_MS = 600_000;
const SHORTEST_PERIOD_MS = 1_000;

/** Nothing is published of a stream whose topic keeps everything. A snapshot that could not be written is published again. */
export function createSnapshotPublisher(snapshots: Snapshots, log: Log): SnapshotPublisher {
  const published = new Map<string, Published>();

  return {
    async publish(numbering) {
      const { stream, history } = numbering;
      const before = publishedOf(stream);
      if (before.sending) return;
      const start = `${history.table.epoch}:${history.first()}`;
      if (numbering.isTruncated() && start !== before.start) {
        before.start = start;
        await publishKind(numbering, 'start');
      }
      const period = periodOf(stream);
      if (period === undefined || performance.now() - before.endAt < period) return;
      await publishEnd(numbering);
    },
    async finish(numberings) {
      for (const numbering of numberings) if (periodOf(numbering.stream) !== undefined) await publishEnd(numbering);
      await Promise.all([...published.values()].map(({ sending }) => sending));
    },
    retract(stream) {
      if (stream.retentionMs === undefined && publishedOf(stream).start === undefined) return;
      published.delete(stream.name);
      for (const kind of ['start', 'end'] as const) send(stream, kind, undefined);
    },
  };

  async function publishEnd(numbering: StreamNumbering): Promise<void> {
    const before = publishedOf(numbering.stream);
    const offsets = numbering.progress().map(({ partition, nextOffset }) => `${partition}:${nextOffset}`);
    const end = `${numbering.history.version()} ${offsets.join()}`;
    if (end === before.end) return;
    before.end = end;
    before.endAt = performance.now();
    await publishKind(numbering, 'end');
  }

  /** The snapshot is taken here; that it is written is not waited for. */
  async function publishKind({ stream, history, progress }: StreamNumbering, kind: Kind): Promise<void> {
    const snapshot = await history.snapshot(kind, progress());
    if (snapshot) send(stream, kind, snapshot);
  }

  function send(stream: Stream, kind: Kind, snapshot: NumberingSnapshot | undefined) {
    const before = publishedOf(stream);
    const sending = snapshots
      .publish(stream, kind, snapshot)
      .catch((err: unknown) => {
        log.warn({ err, stream: stream.name }, 'a numbering snapshot could not be written to Kafka');
        before.start = undefined;
        before.end = undefined;
      })
      .finally(() => {
        if (before.sending === sending) before.sending = undefined;
      });
    before.sending = sending;
  }

  function publishedOf({ name }: Stream): Published {
    const before = published.get(name) ?? {
      start: undefined,
      end: undefined,
      endAt: Number.NEGATIVE_INFINITY,
      sending: undefined,
    };
    published.set(name, before);
    return before;
  }
}

function periodOf({ retentionMs }: Stream): number | undefined {
  if (retentionMs === undefined) return undefined;
  return Math.max(SHORTEST_PERIOD_MS, Math.min(LONGEST_PERIOD_MS, retentionMs / TIMES_WITHIN_RETENTION));
}
