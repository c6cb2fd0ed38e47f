import type { Log } from '@millrace/core/log/create-log';
import type { Stream } from '@millrace/core/schema/stream';
import type { UntilUp } from '@millrace/core/service/until-up';
import type { PartitionOffsets } from '@millrace/core/stream/topic-offsets';
import type { StreamEpochs } from '../epoch/stream-epochs.ts';
import { chooseStatement, hasHole } from './choose-snapshot.ts';
import { type Statement, statementText } from './numbering-snapshot.ts';
import type { Statements } from './open-snapshots.ts';

type AdoptionOptions = { readonly statements: Statements; readonly untilUp: UntilUp; readonly log: Log };

export type Adoption = {
  /**
   * Lets a history that can't know its numbers from the topic, because retention has taken records that it never read, begin
   * where another analyzer has said. Where nobody has said anything, and an analyzer that knew would have, its own numbers
   * are what others will go by. To be called before its topic is read.
   */
  adopt(epochs: StreamEpochs, offsets: readonly PartitionOffsets[]): Promise<void>;
  /** The topic is not what it was, so neither is what was said of it. */
  refute(stream: Stream): void;
};

export function createAdoption({ statements, untilUp, log }: AdoptionOptions): Adoption {
  /** What was adopted, by stream; and what turned out to be about another topic of the name. */
  const adopted = new Map<string, string>();
  const refuted = new Set<string>();

  return {
    async adopt(epochs, offsets) {
      const { stream } = epochs;
      const history = epochs.building() ?? epochs.serving();
      if (history.anchored() && !hasHole(history.checkpoints, offsets)) return;
      const said = await untilUp(`what is said of the numbers of ${stream.name}`, () => statements.about(stream));
      const usable = said.filter((statement) => !refuted.has(nameOf(stream, statementText(statement))));
      const statement = chooseStatement(usable, offsets);
      if (!statement) {
        const isFirst = said.length === 0 && (stream.retentionMs !== undefined || !history.anchored());
        if (isFirst && history.checkpoints.size === 0) await epochs.beginAt(asTheTopicIs(offsets));
        else await epochs.anchor(isFirst);
        if (isFirst) return;
        log.warn(
          { stream: stream.name, topic: stream.topic },
          'retention has removed records before they were numbered, and nothing says how many: numbers may differ from those of another analyzer',
        );
        return;
      }
      if (history.checkpoints.size > 0) await epochs.startAnew();
      await epochs.beginAt(statement);
      adopted.set(stream.name, nameOf(stream, statementText(statement)));
      log.info(
        { stream: stream.name, index: Number(statement.count) },
        'numbering begins after what retention has removed',
      );
    },
    refute({ name }) {
      const wrong = adopted.get(name);
      if (wrong !== undefined) refuted.add(wrong);
    },
  };
}

/** Numbers from 0 on for what is left. */
function asTheTopicIs(offsets: readonly PartitionOffsets[]): Statement {
  const partitions = offsets.map(({ partition, lowOffset }) => ({
    partition,
    nextOffset: lowOffset,
    orderTime: 0,
    last: undefined,
  }));
  return { count: 0n, partitions, repeats: [] };
}

const nameOf = ({ name }: Stream, text: string) => `${name}: ${text}`;
