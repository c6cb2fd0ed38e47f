const UNKNOWN_TOPIC = 'UNKNOWN_TOPIC_OR_PARTITION';

export class UnknownTopic extends Error {
  override readonly name = 'UnknownTopic';
  readonly type = UNKNOWN_TOPIC;

  readonly topics: readonly string[];

  constructor(topics: readonly string[], options?: ErrorOptions) {
    super(`Kafka has no topic ${topics.join(', ')}`, options);
    this.topics = topics;
  }
}

/** Whether an error comes from the Kafka client: the broker refused, or could not be reached. */
export const isKafkaFault = (error: unknown): boolean =>
  error instanceof UnknownTopic || (error instanceof Error && error.name.startsWith('KafkaJS'));

/** The broker's name for what it refused, such as `UNKNOWN_TOPIC_OR_PARTITION`. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : undefined;
}

/** Whether Kafka refused a question because it has no such topic. */
export const isUnknownTopic = (error: unknown): boolean => refusalOf(error) === UNKNOWN_TOPIC;

const UNSETTLED = new Set(['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE', UNKNOWN_TOPIC]);

/** A topic just made, or one whose leader just moved, is refused for a moment. */
export const isUnsettled = (error: unknown): boolean => UNSETTLED.has(refusalOf(error) ?? '');
