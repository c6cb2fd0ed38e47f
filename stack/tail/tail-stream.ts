import { once } from 'node:events';
import { createLog } from '@millrace/core/log/create-log';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { type Batch, consume } from '@millrace/core/stream/consume';
import { createDecoder } from '@millrace/core/stream/create-decoder';
import { openRegistry } from '@millrace/core/stream/open-registry';
import type { UnreadablePartition } from '@millrace/core/stream/unreadable-partitions';
import { v4 as uuid } from 'uuid';
import { StackError } from '../stack-error.ts';
import { type From, offsetRanges } from './offset-ranges.ts';
import { recordLines } from './record-line.ts';

export type TailOptions = {
  /** A stream such as `running`, or its dead letters, `running.dead-letter`. */
  readonly stream: string;
  readonly schemasDir: string;
  readonly kafkaBrokers: string;
  readonly registryUrl: string;
  readonly from: From;
  readonly follow: boolean;
  readonly limit: number;
  readonly print: (line: string) => void;
  /** Ends a tail that follows. */
  readonly signal: AbortSignal;
};

async function findStream({ stream: name, schemasDir }: TailOptions) {
  const streams = await loadStreams(schemasDir);
  const found = streams.find(({ topic, deadLetterTopic }) => topic === name || deadLetterTopic === name);
  if (!found)
    throw new StackError(`There is no stream ${name}. There are: ${streams.map((each) => each.name).join(', ')}.`);
  return found;
}

/** Prints a topic's records as JSON lines, each partition in order, in a consumer group that is removed afterwards. */
export async function tailStream(options: TailOptions): Promise<void> {
  const { stream: topic, kafkaBrokers, from, follow, limit, print, signal } = options;
  const stream = await findStream(options);
  const log = createLog({ name: 'tail', level: 'silent' });
  const kafka = connectKafka({ brokers: kafkaBrokers.split(','), clientId: 'millrace-tail', log });
  const admin = await kafka.openAdmin().catch((cause: unknown) => {
    throw new StackError(`Kafka does not answer at ${kafkaBrokers}; make up starts it.`, { cause });
  });
  try {
    if (!(await admin.listTopics()).includes(topic)) throw new StackError(`There is no topic ${topic} yet.`);
    const ranges = await offsetRanges(admin, topic, from);
    const waiting = new Set([...ranges].filter(([, { start, end }]) => start < end).map(([partition]) => partition));
    if (!follow && waiting.size === 0) return;

    const toLines = recordLines(stream, createDecoder(openRegistry(options.registryUrl), stream));
    const finish = new AbortController();
    const finished = once(finish.signal, 'abort');
    let printed = 0;
    const onBatch = async (batch: Batch): Promise<void> => {
      const end = ranges.get(batch.partition)?.end ?? 0n;
      const records = follow ? batch.records : batch.records.filter(({ offset }) => offset < end);
      for (const line of await toLines({ ...batch, records })) {
        if (printed++ < limit) print(line);
      }
      if (batch.nextOffset >= end) waiting.delete(batch.partition);
      if (printed >= limit || (!follow && waiting.size === 0)) finish.abort();
    };
    signal.addEventListener('abort', () => finish.abort());

    const groupId = `millrace-tail-${uuid()}`;
    const checkpoint = async (_topic: string, partition: number) => ranges.get(partition)?.start;
    const onSkipped = (_topic: string, partition: number, nextOffset: bigint) => {
      if (nextOffset >= (ranges.get(partition)?.end ?? 0n)) waiting.delete(partition);
      if (!follow && waiting.size === 0) finish.abort();
    };
    const shown = new Set<string>();
    const onUnreadable = (partitions: readonly UnreadablePartition[]) => {
      for (const { partition, firstOffset, lastOffset, reason } of partitions) {
        waiting.delete(partition);
        const batch = `${partition}:${firstOffset}`;
        if (shown.has(batch)) continue;
        shown.add(batch);
        const fault = `the records up to offset ${lastOffset} can't be read: ${reason}; make skip passes over them`;
        print(JSON.stringify({ partition, offset: Number(firstOffset), fault }));
      }
      if (!follow && waiting.size === 0) finish.abort();
    };
    const consumption = await consume({
      ...{ kafka, admin, groupId, topics: [topic], log, checkpoint, onBatch, onSkipped, onUnreadable },
      commitHints: false,
    });
    await Promise.race([finished, consumption.done]);
    await consumption.close();
    await admin.deleteGroups([groupId]).catch(() => {});
  } finally {
    await admin.close();
  }
}
