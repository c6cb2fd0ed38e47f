/** Whether an error comes from the Kafka client: the broker refused, or could not be reached. */
export const isKafkaFault = (error: unknown): boolean => error instanceof Error && error.name.startsWith('KafkaJS');

/** The broker's name for what it refused, such as `UNKNOWN_TOPIC_OR_PARTITION`. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : undefined;
}

const UNSETTLED = new Set(['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE', 'UNKNOWN_TOPIC_OR_PARTITION']);

/** A topic just made, or one whose leader just moved, is refused for a moment. */
export const isUnsettled = (error: unknown): boolean => UNSETTLED.has(refusalOf(error) ?? '');
