import type { Stream } from '@millrace/core/schema/stream';
import type { UntilUp } from '@millrace/core/service/until-up';
import type { Producer } from '@millrace/core/stream/create-producer';
import { ensureTopics, partitionCounts } from '@millrace/core/stream/ensure-topics';
import type { Registry } from '@millrace/core/stream/open-registry';
import { compileIntake, type Intake } from './accept/compile-intake.ts';

type OpenOptions = {
  readonly streams: readonly Stream[];
  readonly admin: Parameters<typeof ensureTopics>[0];
  readonly registry: Registry;
  readonly producer: Producer;
  readonly replicationFactor: number;
  readonly untilUp: UntilUp;
};

/** Topics made, schemas registered, intakes compiled: what must be so before a record is taken. Waits for what is not up yet. */
export async function openStreams(options: OpenOptions): Promise<ReadonlyMap<Stream, Intake>> {
  const { streams, admin, registry, producer, replicationFactor, untilUp } = options;
  const counts = await untilUp('Kafka to make the topics', async () => {
    await ensureTopics(admin, streams, replicationFactor);
    return partitionCounts(
      admin,
      streams.map(({ topic }) => topic),
    );
  });
  const intakes = new Map<Stream, Intake>();
  for (const stream of streams) {
    const { topic } = stream;
    const schemaId = await untilUp('the schema registry', () => registry.register(stream));
    const partitions = () => producer.partitionCount(topic) ?? counts.get(topic) ?? 1;
    intakes.set(stream, compileIntake(stream, schemaId, partitions));
  }
  return intakes;
}
