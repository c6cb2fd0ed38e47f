import { setTimeout as pause } from 'node:timers/promises';
import { connectKafka, openAdmin } from '@millrace/core/stream/connect-kafka';
import type { BenchContext } from '../row.ts';

const EVERY_MS = 50;

/** Resolves once a consumer group has so many members and has shared the partitions out. */
export async function untilMembers({ kafkaBrokers, log }: BenchContext, groupId: string, count: number): Promise<void> {
  const admin = await openAdmin(connectKafka({ brokers: kafkaBrokers, clientId: 'bench', log }));
  for (;;) {
    const { groups } = await admin.describeGroups([groupId]);
    if (groups[0]?.state === 'Stable' && groups[0].members.length === count) break;
    await pause(EVERY_MS);
  }
  await admin.close();
}
