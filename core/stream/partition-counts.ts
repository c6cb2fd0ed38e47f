import type { Admin } from './admin.ts';

/** How many partitions each topic has. */
export async function partitionCounts(
  admin: Pick<Admin, 'partitionLeaders'>,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const leaders = await admin.partitionLeaders(topics);
  return new Map([...leaders].map(([topic, partitions]) => [topic, partitions.length]));
}
