import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log/create-log.ts';
import type { KafkaConsumer } from './kafka-consumer.ts';
import { partitionName } from './partition-name.ts';
import type { Progress } from './progress.ts';

const EVERY_MS = 1_000;
const LAST_WITHIN_MS = 1_000;

/**
 * Reports to Kafka now and then how far the work has come, as a hint for tools that show lag: nothing reads it back, so what can't
 * be reported is left out, and reported next time.
 */
export function hintOffsets(consumer: Pick<KafkaConsumer, 'commitOffsets'>, progress: Progress, log: Log) {
  let reported = new Map<string, bigint>();
  let reporting: Promise<void> = Promise.resolve();
  const timer = setInterval(report, EVERY_MS);
  timer.unref();

  return {
    /** Reports once more, of all that is done, unless Kafka is unreachable. */
    async close(): Promise<void> {
      clearInterval(timer);
      report();
      await Promise.race([reporting, sleep(LAST_WITHIN_MS, undefined, { ref: false })]);
    },
  };

  function report(): void {
    reporting = reporting.then(async () => {
      const done = new Map<string, bigint>();
      const changed: { topic: string; partition: number; offset: bigint }[] = [];
      for (const { topic, partition, nextOffset, logEndOffset } of progress.positions()) {
        if (nextOffset === undefined || logEndOffset === undefined) continue;
        const name = partitionName(topic, partition);
        done.set(name, nextOffset);
        if (reported.get(name) !== nextOffset) changed.push({ topic, partition, offset: nextOffset });
      }
      if (changed.length === 0) return;
      await consumer.commitOffsets(changed).then(
        () => {
          reported = done;
        },
        (err: unknown) => log.debug({ err }, 'the committed offsets are behind what is done'),
      );
    });
  }
}
