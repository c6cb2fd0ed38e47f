import { partitionName } from './partition-name.ts';

export type Position = {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: bigint | undefined;
  readonly logEndOffset: bigint | undefined;
};

/** How far a consumption has come, by the partitions assigned to it. */
export type Progress = {
  assign(assignment: Readonly<Record<string, readonly number[]>>): void;
  /** Notes where reading a partition starts, before its first batch. */
  begin(at: { topic: string; partition: number; nextOffset: bigint }): void;
  advance(at: { topic: string; partition: number; nextOffset: bigint; logEndOffset: bigint }): void;
  /** Nothing before `nextOffset` is left to do, though no batch said so. */
  pass(topic: string, partition: number, nextOffset: bigint): void;
  /** Undefined offsets belong to partitions that have brought no record since they were assigned. */
  positions(): readonly Position[];
  /** A number that changes whenever a batch is done: for `watchProgress`. */
  batches(): number;
  assigned(): boolean;
};

export function createProgress(): Progress {
  let positions = new Map<string, Position>();
  let batches = 0;
  let joined = false;

  return {
    assign(assignment) {
      joined = true;
      const partitions = Object.entries(assignment).flatMap(([topic, numbers]) =>
        numbers.map((partition) => ({ topic, partition })),
      );
      positions = new Map(
        partitions.map(({ topic, partition }) => {
          const name = partitionName(topic, partition);
          return [name, positions.get(name) ?? { topic, partition, nextOffset: undefined, logEndOffset: undefined }];
        }),
      );
    },
    begin({ topic, partition, nextOffset }) {
      positions.set(partitionName(topic, partition), { topic, partition, nextOffset, logEndOffset: undefined });
    },
    advance({ topic, partition, nextOffset, logEndOffset }) {
      batches += 1;
      positions.set(partitionName(topic, partition), { topic, partition, nextOffset, logEndOffset });
    },
    pass(topic, partition, nextOffset) {
      const position = positions.get(partitionName(topic, partition));
      if (!position || nextOffset <= (position.nextOffset ?? 0n)) return;
      batches += 1;
      positions.set(partitionName(topic, partition), { ...position, nextOffset });
    },
    positions: () => [...positions.values()],
    batches: () => batches,
    assigned: () => joined,
  };
}
