import { setTimeout as sleep } from 'node:timers/promises';
import type { Stream } from '@millrace/core/schema/stream';
import { untilUp } from '@millrace/core/service/until-up';
import type { WriterType } from '../evolution/table-incompatibility.ts';
import { type Following, type FollowOptions, followTopics } from '../order/follow-topics.ts';
import type { Fresh } from '../order/freshness.ts';
import { numberStream, type StreamNumbering } from '../order/number-stream.ts';
import { TopicChanged } from '../order/topic-changed.ts';
import { createAdoption } from '../snapshot/bootstrap-numbering.ts';
import type { Statements } from '../snapshot/open-snapshots.ts';
import { createTellNumbering } from '../snapshot/publish-snapshots.ts';
import type { Database } from '../store/open-database.ts';
import type { History } from '../store/open-history.ts';
import { openEpochs, type StreamEpochs } from './stream-epochs.ts';

export type KeepOptions = Omit<FollowOptions, 'numberings' | 'afterRound'> & {
  readonly streams: readonly Stream[];
  readonly database: Database;
  readonly writerType: WriterType;
  readonly statements: Statements;
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
  /** Brings lag and watermarks up to date, or gives up after a moment when Kafka does not answer. */
  refresh(): Promise<void>;
  readonly done: Promise<never>;
  close(): Promise<void>;
};

const REFRESH_WITHIN_MS = 200;

/**
 * Keeps every stream's history in DuckDB up with its topic. A topic that is not what it was is read anew into a new epoch,
 * while the old one goes on answering.
 */
export async function keepHistories(options: KeepOptions): Promise<KeptHistories> {
  const { streams, statements, clockSkewMs, endOffsets, log } = options;
  const adoption = createAdoption({ statements, untilUp: (what, open) => untilUp(log, what, open), log });
  const telling = createTellNumbering(statements, log);
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
    refresh: () => Promise.race([following.refresh(), sleep(REFRESH_WITHIN_MS)]),
    done,
    async close() {
      closed = true;
      await following.close();
      await telling.finish(numberings);
    },
  };

  async function follow(): Promise<Following> {
    const ask = ({ topic }: Stream) => untilUp(log, `Kafka to say where ${topic} ends`, () => endOffsets(topic));
    const askedAt = Date.now();
    const offsets = await Promise.all(streams.map(ask));
    for (const [index, epochs] of kept.entries()) await adoption.adopt(epochs, offsets[index] ?? []);
    numberings = kept.map(({ serving, building }, index) => {
      const ends = offsets[index] ?? [];
      const partitions = ends.map(({ partition }) => partition);
      const numbering = numberStream({ history: building() ?? serving(), clockSkewMs }, partitions);
      numbering.askEnds(askedAt)(ends);
      return numbering;
    });
    return followTopics({ ...options, numberings, afterRound });
  }

  async function keepFollowing(): Promise<never> {
    for (;;) {
      try {
        await following.done;
      } catch (error) {
        if (closed || !(error instanceof TopicChanged)) throw error;
        await following.close();
        await startAnew(error);
        following = await followOn();
      }
    }
  }

  /** A topic may show already on opening that it is not what it was. */
  async function followOn(): Promise<Following> {
    for (;;) {
      try {
        return await follow();
      } catch (error) {
        if (!(error instanceof TopicChanged)) throw error;
        await startAnew(error);
      }
    }
  }

  async function startAnew({ stream, message }: TopicChanged) {
    const epochs = epochsOf(stream);
    adoption.refute(stream);
    telling.takeBack(stream);
    await epochs.startAnew();
    const { epoch } = (epochs.building() ?? epochs.serving()).table;
    log.error({ stream: stream.name, topic: stream.topic, epoch }, `${message}; reading it from its start`);
  }

  /** What was built answers from when it holds all that lay in its topic at the first look. */
  async function afterRound() {
    for (const numbering of numberings) {
      const epochs = epochsOf(numbering.stream);
      await epochs.dropRetired();
      await telling.tell(numbering);
      const { done: numbered, target } = numbering.caughtUp() ?? { done: -1n, target: 0n };
      if (epochs.building() === numbering.history && numbered >= target) await epochs.promote();
    }
  }

  /** An epoch whose topic is gone is as fresh as it was, and holds nothing of what the topic has now. */
  function freshOf(numbering: StreamNumbering): Fresh {
    const history = epochsOf(numbering.stream).serving();
    if (history === numbering.history) return numbering;
    const times = [...history.checkpoints.values()].map(({ orderTime }) => orderTime);
    return { stream: numbering.stream, history, watermark: () => Math.max(...times), lag: numbering.held };
  }

  function epochsOf(stream: Stream): StreamEpochs {
    const found = kept.find((epochs) => epochs.stream.name === stream.name);
    if (!found) throw new Error(`${stream.name} is not a stream of this analyzer`);
    return found;
  }
}
