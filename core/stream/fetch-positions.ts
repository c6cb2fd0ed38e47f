import { withResolvers } from '../promise/with-resolvers.ts';
import { retry } from '../retry/retry.ts';
import type { ConsumeOptions } from './consume.ts';
import { isKafkaFault } from './kafka-fault.ts';
import { partitionName } from './partition-name.ts';
import { startOffset } from './start-offset.ts';

export type FetchPositions = {
  /** Positions every partition of an assignment, also those that bring no record yet. */
  assign(assignment: Readonly<Record<string, readonly number[]>>): void;
  /** Positions one partition again. */
  restart(topic: string, partition: number): void;
  /** The offset that the next batch must begin at; undefined when the partition was taken away meanwhile. */
  nextOffset(topic: string, partition: number): Promise<bigint | undefined>;
  advance(topic: string, partition: number, nextOffset: bigint): void;
  /** Rejects when a checkpoint can't be read for a reason that does not pass. */
  readonly failed: Promise<never>;
};

const RETRY = { while: isKafkaFault, firstDelayMs: 500, maxDelayMs: 1_000 };

/**
 * Where each assigned partition is read next. On assignment that is its checkpoint, not the offset committed in Kafka:
 * `seek` is called once the checkpoint is known, and batches wait for it.
 */
export function createFetchPositions(
  options: ConsumeOptions,
  stop: AbortSignal,
  seek: (topic: string, partition: number, offset: bigint) => void,
): FetchPositions {
  const { log } = options;
  let positions = new Map<string, Promise<bigint | undefined>>();
  const { promise: failed, reject: fail } = withResolvers<never>();

  return {
    failed,
    assign(assignment) {
      positions = new Map();
      for (const [topic, partitions] of Object.entries(assignment)) {
        for (const partition of partitions) position(topic, partition);
      }
    },
    restart: position,
    nextOffset: async (topic, partition) => positions.get(partitionName(topic, partition)),
    advance(topic, partition, nextOffset) {
      const name = partitionName(topic, partition);
      if (positions.has(name)) positions.set(name, Promise.resolve(nextOffset));
    },
  };

  function position(topic: string, partition: number) {
    const name = partitionName(topic, partition);
    const assigned = positions;
    const found = find(topic, partition).then((offset) => {
      if (offset === undefined || assigned !== positions || assigned.get(name) !== found) return undefined;
      seek(topic, partition, offset);
      return offset;
    });
    assigned.set(name, found);
    found.catch(fail);
  }

  async function find(topic: string, partition: number): Promise<bigint | undefined> {
    const report = {
      log: log.child({ topic, partition }),
      message: 'Kafka does not say where the topic starts and ends',
    };
    try {
      return await retry({ ...RETRY, signal: stop, report }, () => startOffset(options, topic, partition, stop));
    } catch (error) {
      if (stop.aborted) return undefined;
      throw error;
    }
  }
}
