import type { Log } from '@millrace/core/log/create-log';
import type { Stream } from '@millrace/core/schema/stream';
import { untilUp } from '@millrace/core/service/until-up';
import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import type { Registry } from '@millrace/core/stream/open-registry';
import { type Partitions, watchPartitions } from '@millrace/core/stream/watch-partitions';
import { compileIntake, type Intake } from './compile-intake.ts';

type OpenOptions = {
  readonly streams: readonly Stream[];
  readonly admin: Parameters<typeof ensureTopics>[0];
  readonly registry: Registry;
  readonly replicationFactor: number;
  readonly log: Log;
};

export type OpenStreams = {
  readonly intakes: ReadonlyMap<Stream, Intake>;
  readonly partitions: Partitions;
  close(): void;
};

/** Topics made, schemas registered, intakes compiled: what must be so before a record is taken. Waits for what is not up yet. */
export async function openStreams({
  streams,
  admin,
  registry,
  replicationFactor,
  log,
}: OpenOptions): Promise<OpenStreams> {
  const topics = streams.map(({ topic }) => topic);
  const partitions = await untilUp(log, 'Kafka to make the topics', async () => {
    await ensureTopics(admin, streams, replicationFactor);
    return watchPartitions({ admin, topics, log });
  });
  const intakes = new Map<Stream, Intake>();
  for (const stream of streams) {
    const schemaId = await untilUp(log, 'the schema registry', () => registry.register(stream));
    intakes.set(
      stream,
      compileIntake(stream, schemaId, () => partitions.count(stream.topic)),
    );
  }
  return { intakes, partitions, close: partitions.close };
}
