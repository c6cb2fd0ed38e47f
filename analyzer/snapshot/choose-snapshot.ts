import type { PartitionOffsets } from '@millrace/core/stream/topic-offsets';
import type { Checkpoint } from '../store/checkpoint.ts';
import type { NumberingSnapshot } from './numbering-snapshot.ts';

/** Whether retention has removed records that these checkpoints have not come to: their numbers can't be known from the topic. */
export function hasHole(
  checkpoints: ReadonlyMap<number, Pick<Checkpoint, 'nextOffset'>>,
  offsets: readonly PartitionOffsets[],
): boolean {
  return offsets.some(({ partition, lowOffset }) => lowOffset > (checkpoints.get(partition)?.nextOffset ?? 0n));
}

/** The earliest cut after which the topic still holds everything; undefined when no snapshot is about such a one. */
export function chooseSnapshot(
  snapshots: readonly NumberingSnapshot[],
  offsets: readonly PartitionOffsets[],
): NumberingSnapshot | undefined {
  return snapshots
    .filter(({ partitions }) => {
      const cut = new Map(partitions.map((each) => [each.partition, each]));
      const isWithin = offsets.every(
        ({ partition, logEndOffset }) => (cut.get(partition)?.nextOffset ?? 0n) <= logEndOffset,
      );
      return isWithin && !hasHole(cut, offsets);
    })
    .reduce<NumberingSnapshot | undefined>(
      (least, each) => (least && least.count <= each.count ? least : each),
      undefined,
    );
}
