import type { Kafka as Kafkajs } from 'kafkajs';
import { retry } from '../retry/retry.ts';
import type { Admin } from './admin.ts';
import { isUnsettled, UnknownTopic } from './kafka-fault.ts';

const BROKERS_DEFAULT = -1;
/** kafkajs exports its numbers for resource types as a const enum, which does not exist at run time. */
const TOPIC_RESOURCE = 2;
/** About 2 s. */
const WHILE_LEADERS_SETTLE = { while: isUnsettled, firstDelayMs: 100, maxDelayMs: 150, attempts: 18 };

export async function openKafkajsAdmin(kafka: Kafkajs): Promise<Admin> {
  const client = kafka.admin();
  await client.connect();
  return {
    async brokerCount() {
      const { brokers } = await client.describeCluster();
      return brokers.length;
    },
    listTopics: () => client.listTopics(),
    async createTopics(topics, replicationFactor = BROKERS_DEFAULT) {
      await client.createTopics({
        waitForLeaders: false,
        topics: topics.map(({ topic, partitions, config }) => ({
          ...{ topic, replicationFactor, numPartitions: partitions },
          configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
        })),
      });
    },
    /** kafkajs tries for twelve seconds to delete one that is missing. */
    async deleteTopics(topics) {
      const existing = new Set(await client.listTopics());
      const found = topics.filter((topic) => existing.has(topic));
      if (found.length > 0) await client.deleteTopics({ topics: found });
    },
    async addPartitions(topic, count) {
      await client.createPartitions({ topicPartitions: [{ topic, count }] });
    },
    async partitionLeaders(topics) {
      const metadata = await client.fetchTopicMetadata({ topics: [...topics] });
      const found = new Map(
        metadata.topics.map(({ name, partitions }) => [name, partitions.map(({ leader }) => leader >= 0)] as const),
      );
      const missing = topics.filter((topic) => !found.has(topic));
      if (missing.length > 0) throw new UnknownTopic(missing);
      return found;
    },
    async topicConfig(topic, names) {
      const { resources } = await client.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: TOPIC_RESOURCE, name: topic, configNames: [...names] }],
      });
      const entries = resources[0]?.configEntries ?? [];
      return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
    },
    async setTopicConfig(topic, config) {
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
      await client.alterConfigs({
        validateOnly: false,
        resources: [{ type: TOPIC_RESOURCE, name: topic, configEntries }],
      });
    },
    async fetchOffsets(topic) {
      const offsets = await settled(topic, () => client.fetchTopicOffsets(topic));
      return offsets.map(({ partition, low, high }) => ({
        partition,
        lowOffset: BigInt(low),
        logEndOffset: BigInt(high),
      }));
    },
    /** Kafka has no records of before the epoch, and takes -1 and -2 for other questions. */
    async offsetsByTime(topic, appendTime) {
      const offsets = await settled(topic, () => client.fetchTopicOffsetsByTimestamp(topic, Math.max(0, appendTime)));
      return offsetsByPartition(offsets);
    },
    /** kafkajs deletes only from topics whose leaders it knows. */
    async deleteRecords(topic, before) {
      await settled(topic, () => client.fetchTopicOffsets(topic));
      const partitions = [...before].map(([partition, offset]) => ({ partition, offset: String(offset) }));
      await client.deleteTopicRecords({ topic, partitions });
    },
    async deleteGroups(groupIds) {
      await client.deleteGroups([...groupIds]);
    },
    async describeGroup(groupId) {
      const { groups } = await client.describeGroups([groupId]);
      return { state: groups[0]?.state ?? 'Dead', members: groups[0]?.members.length ?? 0 };
    },
    async committedOffsets(groupId, topic) {
      const [found] = await client.fetchOffsets({ groupId, topics: [topic] });
      return offsetsByPartition(found?.partitions ?? []);
    },
    async commitOffsets(groupId, topic, offsets) {
      const partitions = [...offsets].map(([partition, offset]) => ({ partition, offset: String(offset) }));
      await client.setOffsets({ groupId, topic, partitions });
    },
    close: () => client.disconnect(),
  };

  /**
   * Asks leaders of partitions until they have settled. kafkajs gives up at the first refusal, and asks the old leader until its
   * metadata expire after five minutes; it reads them again to list the groups.
   */
  function settled<Answer>(topic: string, ask: () => Promise<Answer>): Promise<Answer> {
    return retry(WHILE_LEADERS_SETTLE, async () => {
      try {
        return await ask();
      } catch (error) {
        if (isUnsettled(error)) await client.listGroups().catch(() => undefined);
        return explain(error, topic);
      }
    });
  }

  /** kafkajs falls over a topic that it has no partitions of. */
  async function explain(cause: unknown, topic: string): Promise<never> {
    if (!(await client.listTopics()).includes(topic)) throw new UnknownTopic([topic], { cause });
    throw cause;
  }
}

/** kafkajs says -1 where there is none. */
function offsetsByPartition(offsets: readonly { readonly partition: number; readonly offset: string }[]) {
  const known = offsets.map(({ partition, offset }) => [partition, BigInt(offset)] as const);
  return new Map(known.filter(([, offset]) => offset >= 0n));
}
