import { setTimeout as sleep } from 'node:timers/promises';
import { waitForLeaders } from '@millrace/core/stream/wait-for-leaders';
import type { OwnStream } from './own-stream.ts';

/** Deletes the topic, which is only announced at first, and makes another of its name. */
export async function makeAnew({ admin, stream: { topic } }: OwnStream): Promise<void> {
  await admin.deleteTopics([topic]);
  while ((await admin.listTopics()).includes(topic)) await sleep(50);
  const config = { 'message.timestamp.type': 'LogAppendTime' };
  await admin.createTopics([{ topic, partitions: 1, config }]);
  await waitForLeaders(admin, [topic]);
}
