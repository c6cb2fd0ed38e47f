import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log/create-log.ts';
import type { KafkaConsumer } from './kafka-consumer.ts';
import { partitionName } from './partition-name.ts';
import type { Progress } from './progress.ts';

const EVERY_MS = 1_000;
const LAST_WITHIN_MS = 1_000;

/**
 * Tells Kafka now and then how far the work has come, as a hint for tools that show lag: nothing reads it back, so what can't
 * be told is left out, and told next time.
 */
export function hintOffsets(consumer: Pick<KafkaConsumer, 'commitOffsets'>, progress: Progress, log: Log) {
  let told = new Map<string, bigint>();
  let telling: Promise<void> = Promise.resolve();
  const timer = setInterval(tell, EVERY_MS);
  timer.unref();

  return {
    /** Tells once more, of all that is done, unless Kafka is away. */
    async close(): Promise<void> {
      clearInterval(timer);
      tell();
      await Promise.race([telling, sleep(LAST_WITHIN_MS, undefined, { ref: false })]);
    },
  };

  function tell(): void {
    telling = telling.then(async () => {
      const done = new Map<string, bigint>();
      const news: { topic: string; partition: number; offset: bigint }[] = [];
      for (const { topic, partition, nextOffset, logEndOffset } of progress.positions()) {
        if (nextOffset === undefined || logEndOffset === undefined) continue;
        const name = partitionName(topic, partition);
        done.set(name, nextOffset);
        if (told.get(name) !== nextOffset) news.push({ topic, partition, offset: nextOffset });
      }
      if (news.length === 0) return;
      await consumer.commitOffsets(news).then(
        () => {
          told = done;
        },
        (err: unknown) => log.debug({ err }, 'Kafka was not told how far storing has come'),
      );
    });
  }
}
