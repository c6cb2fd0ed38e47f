import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@millrace/core/log/create-log';
import type { Stream } from '@millrace/core/schema/stream';
import { untilUp } from '@millrace/core/service/until-up';
import { type Following, type FollowOptions, followTopics } from './order/follow-topics.ts';
import { numberStream, type StreamNumbering } from './order/number-stream.ts';
import { TopicChanged } from './order/topic-changed.ts';
import { openStreamTable, startEpoch } from './store/catalog.ts';
import type { Database } from './store/open-database.ts';
import { type History, openHistory } from './store/open-history.ts';

export type KeepOptions = Omit<FollowOptions, 'numberings'> & {
  readonly streams: readonly Stream[];
  readonly database: Database;
};

export type KeptHistories = {
  /** The history of a stream as it stands; another one after its topic has changed. */
  history(stream: Stream): History;
  numberings(): readonly StreamNumbering[];
  /** Brings lag and watermarks up to date, or gives up after a moment when Kafka does not answer. */
  refresh(): Promise<void>;
  readonly done: Promise<never>;
  close(): Promise<void>;
};

const REFRESH_WITHIN_MS = 200;

/** Keeps every stream's history in DuckDB up with its topic. A topic that is not what it was is read anew as a new epoch. */
export async function keepHistories(options: KeepOptions): Promise<KeptHistories> {
  const { streams, database, clockSkewMs, endOffsets, log } = options;
  const histories = new Map<string, History>();
  for (const stream of streams) {
    const table = await openStreamTable(database.writer, stream);
    histories.set(stream.name, await openHistory(database, table));
  }
  let numberings: StreamNumbering[] = [];
  let following = await followOn();
  let closed = false;
  const done = keepFollowing();
  done.catch(() => undefined);

  return {
    history: historyOf,
    numberings: () => numberings,
    refresh: () => Promise.race([following.refresh(), sleep(REFRESH_WITHIN_MS)]),
    done,
    async close() {
      closed = true;
      await following.close();
    },
  };

  async function follow(): Promise<Following> {
    numberings = await Promise.all(
      streams.map(async (stream) => {
        const ends = await untilUp(log, `Kafka to say where ${stream.topic} ends`, () => endOffsets(stream.topic));
        const partitions = ends.map(({ partition }) => partition);
        return numberStream({ history: historyOf(stream), clockSkewMs }, partitions);
      }),
    );
    return followTopics({ ...options, numberings });
  }

  async function keepFollowing(): Promise<never> {
    for (;;) {
      try {
        await following.done;
      } catch (error) {
        if (closed || !(error instanceof TopicChanged)) throw error;
        await following.close();
        await startAnew(error, log);
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
        await startAnew(error, log);
      }
    }
  }

  async function startAnew({ stream, message }: TopicChanged, to: Log) {
    const { epoch } = historyOf(stream).table;
    to.error({ stream: stream.name, topic: stream.topic, epoch: epoch + 1 }, `${message}; reading it from its start`);
    const table = await startEpoch(database.writer, stream, epoch + 1);
    histories.set(stream.name, await openHistory(database, table));
  }

  function historyOf(stream: Stream): History {
    const history = histories.get(stream.name);
    if (!history) throw new Error(`${stream.name} is not a stream of this analyzer`);
    return history;
  }
}
