/** Whether Kafka refused a question because it has no topic of the name. */
export const isMissingTopic = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION';
