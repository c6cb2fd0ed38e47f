import { waitForLeaders } from '@millrace/core/stream/wait-for-leaders';
import type { OwnStream } from './own-stream.ts';

/** Deletes the topic and creates another of its name, at once: a service that runs would create it, too. */
export async function recreateTopic({ admin, stream: { topic } }: OwnStream): Promise<void> {
  await admin.deleteTopics([topic]);
  const config = { 'message.timestamp.type': 'LogAppendTime' };
  await admin.createTopics([{ topic, partitions: 1, config }]);
  await waitForLeaders(admin, [topic]);
}
