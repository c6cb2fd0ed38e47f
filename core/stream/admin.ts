import type { PartitionOffsets } from './topic-offsets.ts';

export type TopicSettings = {
  readonly topic: string;
  readonly partitions: number;
  /** By the broker's names, such as `retention.ms`. */
  readonly config: Readonly<Record<string, string>>;
};

/** Asks and changes what a cluster holds. Errors of the client are recognised by `isKafkaFault` and `refusalOf`. */
export type Admin = {
  brokerCount(): Promise<number>;
  listTopics(): Promise<string[]>;
  /**
   * Creates those that are missing, and does not wait until they can be used (`waitForLeaders` does).
   * @param replicationFactor the broker's default when it is left out
   */
  createTopics(topics: readonly TopicSettings[], replicationFactor?: number): Promise<void>;
  /** Deletes those that exist. */
  deleteTopics(topics: readonly string[]): Promise<void>;
  addPartitions(topic: string, count: number): Promise<void>;
  /** Of each topic, for each partition, whether it has a leader. Throws when one is missing. */
  partitionLeaders(topics: readonly string[]): Promise<ReadonlyMap<string, readonly boolean[]>>;
  topicConfig(topic: string, names: readonly string[]): Promise<Record<string, string>>;
  /** Sets these and resets all others to the broker's defaults. */
  setTopicConfig(topic: string, config: Readonly<Record<string, string>>): Promise<void>;
  fetchOffsets(topic: string): Promise<PartitionOffsets[]>;
  /** By partition, the offset of the first record appended at this time (milliseconds since the epoch) or later, if any. */
  offsetsByTime(topic: string, appendTime: number): Promise<ReadonlyMap<number, bigint>>;
  /** Deletes the records below the offsets given by partition. */
  deleteRecords(topic: string, before: ReadonlyMap<number, bigint>): Promise<void>;
  deleteGroups(groupIds: readonly string[]): Promise<void>;
  describeGroup(groupId: string): Promise<{ readonly state: string; readonly members: number }>;
  /** The offsets that a group has committed, by partition. */
  committedOffsets(groupId: string, topic: string): Promise<ReadonlyMap<number, bigint>>;
  /** Commits offsets for a group that has no members. */
  commitOffsets(groupId: string, topic: string, offsets: ReadonlyMap<number, bigint>): Promise<void>;
  close(): Promise<void>;
};
