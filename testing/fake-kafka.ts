import type { Admin } from '@millrace/core/stream/admin';
import type { Kafka } from '@millrace/core/stream/kafka';
import type { Assignment, ConsumerEvents, KafkaConsumer } from '@millrace/core/stream/kafka-consumer';
import { UnknownTopic } from '@millrace/core/stream/kafka-fault';
import { partitionName } from '@millrace/core/stream/partition-name';
import { type FakeLog, fakeLog } from './fake-log.ts';

export type FakeKafka = {
  readonly kafka: Pick<Kafka, 'createConsumer'>;
  readonly admin: Pick<Admin, 'fetchOffsets' | 'committedOffsets' | 'commitOffsets'>;
  /** The log of a partition; undefined topics are created. */
  log(topic: string, partition: number): FakeLog;
  deleteTopic(topic: string): void;
  /** Gives the group's partitions out again: all there are, or these. */
  rebalance(assignment?: Assignment): void;
  /** Has every heartbeat reject with this error, or no more. */
  failHeartbeats(error: Error | undefined): void;
  /** Resolves when all that can be delivered has been, and its handlers are done. */
  settled(): Promise<void>;
  /** What consumers have committed to Kafka. */
  committed(topic: string, partition: number): bigint | undefined;
  /** The seeks of consumers, with the offsets. */
  readonly seeks: readonly { readonly topic: string; readonly partition: number; readonly offset: bigint }[];
};

type Reading = { position: bigint; soughtTo: bigint | undefined; isPaused: boolean; isBusy: boolean };

/**
 * Kafka in memory, as one consumer sees it: feeds batches without a broker, in the spirit of Kafka Streams'
 * `TopologyTestDriver`. It does what kafkajs does where `consume` depends on it: a batch that is not resolved comes again, a
 * seek counts from the next fetch on, and an offset out of range goes back to the oldest record.
 * @param topics how many partitions each has
 */
export function fakeKafka(topics: Readonly<Record<string, number>>): FakeKafka {
  const logs = new Map<string, FakeLog[]>();
  const offsets = new Map<string, bigint>();
  const seeks: { topic: string; partition: number; offset: bigint }[] = [];
  let readings = new Map<string, Reading>();
  let events: ConsumerEvents | undefined;
  let heartbeatError: Error | undefined;
  let atWork = 0;
  for (const [topic, partitions] of Object.entries(topics)) {
    logs.set(
      topic,
      Array.from({ length: partitions }, () => fakeLog(pump)),
    );
  }

  const consumer: KafkaConsumer = {
    async start(given) {
      events = given;
      rebalance();
    },
    seek(topic, partition, offset) {
      seeks.push({ topic, partition, offset });
      const reading = readings.get(partitionName(topic, partition));
      if (reading) reading.soughtTo = offset;
      pump();
    },
    pause: (topic, partition) => setPaused(topic, partition, true),
    resume: (topic, partition) => setPaused(topic, partition, false),
    async commitOffsets(given) {
      for (const { topic, partition, offset } of given) offsets.set(partitionName(topic, partition), offset);
    },
    async close() {
      events = undefined;
    },
  };

  return {
    kafka: { createConsumer: () => consumer },
    admin: {
      async fetchOffsets(topic) {
        const partitions = logs.get(topic);
        if (!partitions) throw new UnknownTopic([topic]);
        return partitions.map((log, partition) => ({ partition, lowOffset: log.lowOffset(), logEndOffset: log.end() }));
      },
      async committedOffsets(groupId, topic) {
        const named = [...offsets].filter(([name]) => name.startsWith(`${groupId}/${topic}:`));
        return new Map(named.map(([name, offset]) => [Number(name.slice(name.lastIndexOf(':') + 1)), offset]));
      },
      async commitOffsets(groupId, topic, given) {
        for (const [partition, offset] of given) offsets.set(`${groupId}/${partitionName(topic, partition)}`, offset);
      },
    },
    log(topic, partition) {
      const partitions = logs.get(topic) ?? [];
      logs.set(topic, partitions);
      while (partitions.length <= partition) partitions.push(fakeLog(pump));
      return partitions[partition] ?? fakeLog(pump);
    },
    deleteTopic(topic) {
      logs.delete(topic);
      rebalance();
    },
    rebalance,
    failHeartbeats(error) {
      heartbeatError = error;
    },
    async settled() {
      do await new Promise((resolve) => setImmediate(resolve));
      while (atWork > 0 || [...readings].some(([name, reading]) => isDeliverable(name, reading)));
    },
    committed: (topic, partition) => offsets.get(partitionName(topic, partition)),
    seeks,
  };

  function rebalance(assignment: Assignment = everything()): void {
    readings = new Map();
    for (const [topic, partitions] of Object.entries(assignment))
      for (const partition of partitions)
        readings.set(partitionName(topic, partition), {
          position: 0n,
          soughtTo: undefined,
          isPaused: false,
          isBusy: false,
        });
    events?.onAssigned(assignment);
    pump();
  }

  function everything(): Assignment {
    return Object.fromEntries([...logs].map(([topic, partitions]) => [topic, [...partitions.keys()]]));
  }

  function setPaused(topic: string, partition: number, isPaused: boolean): void {
    const reading = readings.get(partitionName(topic, partition));
    if (reading) reading.isPaused = isPaused;
    pump();
  }

  function isDeliverable(name: string, reading: Reading): boolean {
    const log = logOf(name);
    const isHeld = events === undefined || reading.isPaused || reading.isBusy;
    return !isHeld && log !== undefined && (reading.soughtTo ?? reading.position) < log.end();
  }

  function pump(): void {
    setImmediate(() => {
      for (const [name, reading] of readings) if (isDeliverable(name, reading)) void deliver(name, reading);
    });
  }

  async function deliver(name: string, reading: Reading): Promise<void> {
    const log = logOf(name);
    if (!events || !log) return;
    reading.position = reading.soughtTo ?? reading.position;
    reading.soughtTo = undefined;
    if (reading.position < log.lowOffset()) reading.position = log.lowOffset();
    const partition = Number(name.slice(name.lastIndexOf(':') + 1));
    const isCurrent = () => events !== undefined && readings.get(name) === reading && reading.soughtTo === undefined;
    reading.isBusy = true;
    atWork += 1;
    try {
      await events.onFetched({
        ...{ topic: name.slice(0, name.lastIndexOf(':')), partition, isCurrent },
        ...log.read(reading.position),
        logEndOffset: log.end(),
        heartbeat: async () => {
          if (heartbeatError) throw heartbeatError;
        },
        resolve(nextOffset) {
          reading.position = nextOffset;
        },
      });
    } catch {
      // The client joins its group again, or `consume` has ended with the error.
    } finally {
      atWork -= 1;
      reading.isBusy = false;
      pump();
    }
  }

  function logOf(name: string): FakeLog | undefined {
    return logs.get(name.slice(0, name.lastIndexOf(':')))?.[Number(name.slice(name.lastIndexOf(':') + 1))];
  }
}
