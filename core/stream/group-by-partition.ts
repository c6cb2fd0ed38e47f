type GroupOptions<Message> = {
  readonly topic: string;
  readonly partitionMetadata: readonly unknown[];
  readonly messages: readonly Message[];
  readonly partitioner: (of: { topic: string; partitionMetadata: readonly unknown[]; message: Message }) => number;
};

/** A request's messages by partition, in their order. kafkajs's own way of it copies each list for every message. */
export function groupByPartition<Message>(options: GroupOptions<Message>): Record<string, Message[]> {
  const { topic, partitionMetadata, messages, partitioner } = options;
  const groups: Record<string, Message[]> = {};
  if (partitionMetadata.length === 0) return groups;
  for (const message of messages) {
    const partition = partitioner({ topic, partitionMetadata, message });
    const group = groups[partition];
    if (group) group.push(message);
    else groups[partition] = [message];
  }
  return groups;
}
