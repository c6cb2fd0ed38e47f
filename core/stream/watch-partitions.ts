import type { Admin } from 'kafkajs';
import type { Log } from '../log/create-log.ts';
import { partitionCounts } from './ensure-topics.ts';

export type Partitions = {
  /** How many partitions the topic has, as last seen. */
  count(topic: string): number;
  close(): void;
};

/** The partition counts of topics, asked again now and then, so that partitions added while we run are used. */
export async function watchPartitions(
  { admin, topics, log }: { admin: Admin; topics: readonly string[]; log: Log },
  everyMs = 30_000,
): Promise<Partitions> {
  let counts = await partitionCounts(admin, topics);
  const timer = setInterval(() => {
    refresh().catch((error: unknown) => log.debug({ err: error }, 'partition counts were not refreshed'));
  }, everyMs);
  timer.unref();

  return {
    count: (topic) => counts.get(topic) ?? 1,
    close: () => clearInterval(timer),
  };

  async function refresh() {
    counts = new Map([...counts, ...(await partitionCounts(admin, topics))]);
  }
}
