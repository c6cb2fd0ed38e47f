import type { Log } from '../log/create-log.ts';
import { reasonOf } from '../problem/reason-of.ts';
import type { Stream } from '../schema/stream.ts';
import type { Check } from '../service/health.ts';
import type { Admin } from './admin.ts';
import { ensureTopics } from './ensure-topics.ts';
import { UnknownTopic } from './kafka-fault.ts';

type WatchOptions = {
  readonly admin: Pick<Admin, 'createTopics' | 'partitionLeaders'>;
  readonly streams: readonly Stream[];
  readonly replicationFactor: number;
  readonly log: Log;
  readonly everyMs?: number;
};

const EVERY_MS = 2_000;

/**
 * Creates topics again that were deleted while the service runs, or were lost with Kafka's data: each service does it,
 * so that their streams take records again. The check names those that could not be created. While Kafka does not
 * answer, nothing is known to be missing.
 */
export function watchTopics({ admin, streams, replicationFactor, log, everyMs = EVERY_MS }: WatchOptions): {
  readonly check: Check;
  close(): void;
} {
  const topics = streams.flatMap(({ topic, deadLetterTopic }) => [topic, deadLetterTopic]);
  let trouble: string | undefined;
  let looking = false;
  const timer = setInterval(look, everyMs);
  timer.unref();

  return {
    check: () => ({ ok: trouble === undefined, detail: trouble ?? `${topics.length} topics` }),
    close: () => clearInterval(timer),
  };

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    const missing = await findMissing();
    if (missing.length > 0) await recreate(missing);
    else trouble = undefined;
    looking = false;
  }

  async function findMissing(): Promise<readonly string[]> {
    try {
      await admin.partitionLeaders(topics);
      return [];
    } catch (error) {
      if (error instanceof UnknownTopic) return error.topics;
      log.debug({ err: error }, 'Kafka does not say which topics there are');
      return [];
    }
  }

  async function recreate(missing: readonly string[]): Promise<void> {
    if (trouble === undefined) log.error({ topics: missing }, 'topics are missing: creating them again, empty');
    trouble = `missing: ${missing.join(', ')}`;
    const isMissing = ({ topic, deadLetterTopic }: Stream) =>
      missing.includes(topic) || missing.includes(deadLetterTopic);
    try {
      await ensureTopics(admin, streams.filter(isMissing), replicationFactor);
      trouble = undefined;
    } catch (error) {
      trouble = `missing: ${missing.join(', ')}: ${reasonOf(error)}`;
      log.debug({ err: error, topics: missing }, 'the topics could not be created');
    }
  }
}
