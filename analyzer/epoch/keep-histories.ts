import { setTimeout as sleep } from 'node:timers/promises';
import { TopicSetChanged } from '@millrace/core/order/topic-set-changed';
import type { Stream } from '@millrace/core/schema/stream';
import { untilUp } from '@millrace/core/service/until-up';
import { isUnknownTopic } from '@millrace/core/stream/kafka-fault';
import type { PartitionOffsets } from '@millrace/core/stream/topic-offsets';
import type { UnreadablePartition } from '@millrace/core/stream/unreadable-partitions';
import type { WriterType } from '../evolution/table-incompatibility.ts';
import { type Following, type FollowOptions, followTopics } from '../order/follow-topics.ts';
import type { Fresh } from '../order/freshness.ts';
import { numberStream, type StreamNumbering } from '../order/number-stream.ts';
import { TopicChanged } from '../order/topic-changed.ts';
import { createBootstrap } from '../snapshot/bootstrap-numbering.ts';
import type { Snapshots } from '../snapshot/open-snapshots.ts';
import { createSnapshotPublisher } from '../snapshot/publish-snapshots.ts';
import type { Database } from '../store/open-database.ts';
import type { History } from '../store/open-history.ts';
import { openEpochs, type StreamEpochs } from './stream-epochs.ts';

export type KeepOptions = Omit<FollowOptions, 'numberings' | 'afterRound' | 'missing'> & {
  readonly streams: readonly Stream[];
  readonly database: Database;
  readonly writerType: WriterType;
  readonly snapshots: Snapshots;
};

export type KeptHistories = {
  /** The history of a stream that answers; another one after its topic has changed and the new epoch has caught up. */
  history(stream: Stream): History;
  /** What reads each topic: into the history that answers, or into one that is to take its place. */
  numberings(): readonly StreamNumbering[];
  /** How fresh the histories that answer are. */
  freshness(): readonly Fresh[];
  /** The histories that are being built beside those that answer. */
  building(): readonly History[];
  /**
   * Brings lag and watermarks up to date, or gives up after a moment when Kafka does not answer. Answers when Kafka was asked,
   * by `performance.now()`: what it has said since is up to date.
   */
  refresh(): Promise<number>;
  /** The partitions whose numbering stands still, because a batch of theirs can't be read. */
  unreadable(): readonly UnreadablePartition[];
  readonly done: Promise<never>;
  close(): Promise<void>;
};

const REFRESH_WITHIN_MS = 500;

/**
 * Keeps every stream's history in DuckDB up with its topic. A topic that was recreated or truncated is read again into a new epoch,
 * while the old one continues to answer.
 */
export async function keepHistories(options: KeepOptions): Promise<KeptHistories> {
  const { streams, snapshots, clockSkewMs, endOffsets, log } = options;
  const bootstrap = createBootstrap({ snapshots, untilUp: (what, open) => untilUp(log, what, open), log });
  const publisher = createSnapshotPublisher(snapshots, log);
  const kept: StreamEpochs[] = [];
  for (const stream of streams) kept.push(await openEpochs(options, stream));
  let numberings: StreamNumbering[] = [];
  let following = await followOn();
  let closed = false;
  const done = keepFollowing();
  done.catch(() => undefined);

  return {
    history: (stream) => epochsOf(stream).serving(),
    numberings: () => numberings,
    freshness: () => numberings.map(freshOf),
    building: () => kept.flatMap((epochs) => epochs.building() ?? []),
    async refresh() {
      const { since, done: asked } = following.refresh();
      const giveUp = new AbortController();
      await Promise.race([asked, sleep(REFRESH_WITHIN_MS, undefined, giveUp).catch(() => undefined)]);
      giveUp.abort();
      return since;
    },
    unreadable: () => following.unreadable(),
    done,
    async close() {
      closed = true;
      await following.close();
      await publisher.finish(numberings);
    },
  };

  async function follow(): Promise<Following> {
    const askedAt = Date.now();
    const offsets = await Promise.all(streams.map(endsIfThere));
    const missing = new Set(streams.filter((_, index) => !offsets[index]).map(({ topic }) => topic));
    for (const [index, epochs] of kept.entries()) {
      const ends = offsets[index];
      if (ends) await bootstrap.begin(epochs, ends);
    }
    numberings = kept.map((epochs, index) => {
      const history = epochs.followed();
      const ends = offsets[index];
      const partitions = ends?.map(({ partition }) => partition) ?? [...history.checkpoints.keys()];
      const numbering = numberStream({ history, clockSkewMs }, partitions);
      if (ends) numbering.beginEndOffsetFetch(askedAt)(ends);
      return numbering;
    });
    return followTopics({ ...options, numberings, missing, afterRound });
  }

  /** Where the stream's topic ends; undefined when Kafka has no such topic. */
  function endsIfThere({ topic }: Stream): Promise<readonly PartitionOffsets[] | undefined> {
    return untilUp(log, `Kafka to say where ${topic} ends`, async () => {
      try {
        return await endOffsets(topic);
      } catch (error) {
        if (!isUnknownTopic(error)) throw error;
        log.error({ topic }, 'the topic is missing: the others are read without it');
        return undefined;
      }
    });
  }

  async function keepFollowing(): Promise<never> {
    for (;;) {
      try {
        await following.done;
      } catch (error) {
        if (closed || !(error instanceof TopicChanged || error instanceof TopicSetChanged)) throw error;
        await following.close();
        if (error instanceof TopicChanged) await restart(error);
        else log.warn({ stream: error.stream.name, topic: error.stream.topic }, error.message);
        following = await followOn();
      }
    }
  }

  /** A topic may turn out on opening to have been recreated or truncated. */
  async function followOn(): Promise<Following> {
    for (;;) {
      try {
        return await follow();
      } catch (error) {
        if (!(error instanceof TopicChanged)) throw error;
        await restart(error);
      }
    }
  }

  async function restart({ stream, message }: TopicChanged) {
    const epochs = epochsOf(stream);
    bootstrap.reject(stream);
    publisher.retract(stream);
    await epochs.restart();
    const { epoch } = epochs.followed().table;
    log.error({ stream: stream.name, topic: stream.topic, epoch }, `${message}; reading it from its start`);
  }

  /** What was built answers from when it holds all that lay in its topic at the first look. */
  async function afterRound() {
    for (const numbering of numberings) {
      const epochs = epochsOf(numbering.stream);
      await epochs.dropRetired();
      await publisher.publish(numbering);
      if (epochs.building() !== numbering.history) continue;
      const progress = numbering.caughtUp();
      if (progress && progress.done >= progress.target) await epochs.promote();
    }
  }

  /** An epoch whose topic was recreated has no record of the new topic: its freshness does not change. */
  function freshOf(numbering: StreamNumbering): Fresh {
    const history = epochsOf(numbering.stream).serving();
    if (history === numbering.history) return numbering;
    const times = [...history.checkpoints.values()].map(({ orderTime }) => orderTime);
    const { stream, retainedCount: lag, endOffsetsAskedAt } = numbering;
    return { stream, history, watermark: () => Math.max(...times), lag, endOffsetsAskedAt };
  }

  function epochsOf(stream: Stream): StreamEpochs {
    const found = kept.find((epochs) => epochs.stream.name === stream.name);
    if (!found) throw new Error(`${stream.name} is not a stream of this analyzer`);
    return found;
  }
}
