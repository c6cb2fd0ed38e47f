import type { Log } from '@millrace/core/log/create-log';
import type { Stream } from '@millrace/core/schema/stream';
import type { UntilUp } from '@millrace/core/service/until-up';
import type { PartitionOffsets } from '@millrace/core/stream/topic-offsets';
import type { StreamEpochs } from '../epoch/stream-epochs.ts';
import { chooseSnapshot, hasHole } from './choose-snapshot.ts';
import { type NumberingSnapshot, snapshotText } from './numbering-snapshot.ts';
import type { Snapshots } from './open-snapshots.ts';

type BootstrapOptions = { readonly snapshots: Snapshots; readonly untilUp: UntilUp; readonly log: Log };

export type Bootstrap = {
  /**
   * A history can't know its numbers from the topic when retention has removed records that it never read: it begins at a
   * snapshot that another analyzer has published. Where none was published, and an analyzer that knew would have, its own
   * numbers become the shared ones. To be called before its topic is read.
   */
  begin(epochs: StreamEpochs, offsets: readonly PartitionOffsets[]): Promise<void>;
  /** Never uses the stream's snapshot again: its topic has turned out to be another. */
  reject(stream: Stream): void;
};

export function createBootstrap({ snapshots, untilUp, log }: BootstrapOptions): Bootstrap {
  /** The snapshot in use, by stream; and those that describe another topic of the name. */
  const used = new Map<string, string>();
  const rejected = new Set<string>();

  return {
    async begin(epochs, offsets) {
      const { stream } = epochs;
      const history = epochs.followed();
      if (history.isAuthoritative() && !hasHole(history.checkpoints, offsets)) return;
      const published = await untilUp(`the numbering snapshots of ${stream.name}`, () => snapshots.read(stream));
      const usable = published.filter((snapshot) => !rejected.has(nameOf(stream, snapshotText(snapshot))));
      const snapshot = chooseSnapshot(usable, offsets);
      if (!snapshot) {
        const isFirst = published.length === 0 && (stream.retentionMs !== undefined || !history.isAuthoritative());
        if (isFirst && history.checkpoints.size === 0) await epochs.beginAt(asTheTopicIs(offsets));
        else await epochs.setAuthoritative(isFirst);
        if (isFirst) return;
        log.warn(
          { stream: stream.name, topic: stream.topic },
          'retention has removed records before they were numbered, and no snapshot says how many: numbers are provisional, and may differ from those of another analyzer',
        );
        return;
      }
      if (history.checkpoints.size > 0) await epochs.restart();
      await epochs.beginAt(snapshot);
      used.set(stream.name, nameOf(stream, snapshotText(snapshot)));
      log.info(
        { stream: stream.name, index: Number(snapshot.count) },
        'numbering begins after what retention has removed',
      );
    },
    reject({ name }) {
      const wrong = used.get(name);
      if (wrong !== undefined) rejected.add(wrong);
    },
  };
}

/** Numbers from 0 on for what is left. */
function asTheTopicIs(offsets: readonly PartitionOffsets[]): NumberingSnapshot {
  const partitions = offsets.map(({ partition, lowOffset }) => ({
    partition,
    nextOffset: lowOffset,
    orderTime: 0,
    last: undefined,
  }));
  return { count: 0n, partitions, repeats: [] };
}

const nameOf = ({ name }: Stream, text: string) => `${name}: ${text}`;
