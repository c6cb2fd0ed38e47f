import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnStream } from './own-stream.ts';

/** Deletes the topic, which is only announced at first, and makes another of its name. */
export async function makeAnew({ admin, stream: { topic } }: OwnStream): Promise<void> {
  await admin.deleteTopics({ topics: [topic] });
  while ((await admin.listTopics()).includes(topic)) await sleep(50);
  const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 1, configEntries }] });
  while ((await admin.fetchTopicOffsets(topic).catch(() => [])).length === 0) await sleep(50);
}
