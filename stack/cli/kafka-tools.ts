export type KafkaTool = {
  readonly main: string;
  /** The option that names the broker, if it talks to one. */
  readonly broker?: string;
  /** Whether its own arguments must come before that. */
  readonly verbFirst?: boolean;
};

const broker = '--bootstrap-server';

/** Kafka's own command line, by the names of its shell scripts. */
export const kafkaTools: Readonly<Record<string, KafkaTool>> = {
  acls: { main: 'org.apache.kafka.tools.AclCommand', broker },
  'broker-api-versions': { main: 'org.apache.kafka.tools.BrokerApiVersionsCommand', broker },
  'client-metrics': { main: 'org.apache.kafka.tools.ClientMetricsCommand', broker },
  cluster: { main: 'org.apache.kafka.tools.ClusterTool', broker, verbFirst: true },
  configs: { main: 'kafka.admin.ConfigCommand', broker },
  'console-consumer': { main: 'org.apache.kafka.tools.consumer.ConsoleConsumer', broker },
  'console-producer': { main: 'org.apache.kafka.tools.ConsoleProducer', broker },
  'console-share-consumer': { main: 'org.apache.kafka.tools.consumer.ConsoleShareConsumer', broker },
  'consumer-groups': { main: 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', broker },
  'consumer-perf-test': { main: 'org.apache.kafka.tools.ConsumerPerformance', broker },
  'delete-records': { main: 'org.apache.kafka.tools.DeleteRecordsCommand', broker },
  'dump-log': { main: 'org.apache.kafka.tools.DumpLogSegments' },
  'e2e-latency': { main: 'org.apache.kafka.tools.EndToEndLatency', broker },
  features: { main: 'org.apache.kafka.tools.FeatureCommand', broker },
  'get-offsets': { main: 'org.apache.kafka.tools.GetOffsetShell', broker },
  groups: { main: 'org.apache.kafka.tools.GroupsCommand', broker },
  'leader-election': { main: 'org.apache.kafka.tools.LeaderElectionCommand', broker },
  'log-dirs': { main: 'org.apache.kafka.tools.LogDirsCommand', broker },
  'metadata-quorum': { main: 'org.apache.kafka.tools.MetadataQuorumCommand', broker },
  'producer-perf-test': { main: 'org.apache.kafka.tools.ProducerPerformance', broker },
  'reassign-partitions': { main: 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand', broker },
  'replica-verification': { main: 'org.apache.kafka.tools.ReplicaVerificationTool', broker: '--broker-list' },
  'share-groups': { main: 'org.apache.kafka.tools.consumer.group.ShareGroupCommand', broker },
  storage: { main: 'kafka.tools.StorageTool' },
  'streams-groups': { main: 'org.apache.kafka.tools.streams.StreamsGroupCommand', broker },
  topics: { main: 'org.apache.kafka.tools.TopicCommand', broker },
  transactions: { main: 'org.apache.kafka.tools.TransactionsCommand', broker },
};
