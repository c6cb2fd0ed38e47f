import { startFromCheckpoint } from '@millrace/core/checkpoint/start-from-checkpoint';
import { checkpointGuard } from '@millrace/core/checkpoint/with-checkpoint';
import { openDatabase } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import type { Check } from '@millrace/core/service/health';
import type { Use } from '@millrace/core/service/parts';
import { untilUp } from '@millrace/core/service/until-up';
import { watchProgress } from '@millrace/core/service/watch-progress';
import { checkReadable } from '@millrace/core/stream/check-readable';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { consume } from '@millrace/core/stream/consume';
import { createProducer } from '@millrace/core/stream/create-producer';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { createWriteDeadLetters } from '../dead-letter/write-dead-letters.ts';
import { PRODUCER_LIMITS } from '../producer-limits.ts';
import { expireRows } from '../retention/expire-rows.ts';
import { besideStreams } from '../search/beside-streams.ts';
import { observeLag } from './observe-lag.ts';
import { openSink } from './open-sink.ts';
import { storeBatch } from './store-batch.ts';
import type { WriterEvents, WriterSettings } from './writer-messages.ts';

type WriterOptions = WriterSettings & { readonly use: Use; readonly log: Log; readonly events: WriterEvents };

/** The name in the key of storage's checkpoints. */
const CONSUMER = 'storage';
/** Of a partition, at once: several transactions, so that fetches cost little beside them. */
const FETCH_BYTES = 384 * 1024;

/** Consumes the streams' topics into their tables; answers whether that goes on. Waits for what is not up yet. */
export async function openWriter({ use, config, streams, log, events }: WriterOptions): Promise<Check> {
  const { brokers, groupPrefix } = config.kafka;
  const kafka = connectKafka({ brokers, clientId: 'millrace-storage', log });
  const kafkaName = `Kafka at ${brokers.join(', ')}`;
  const registry = openRegistry(config.registryUrl);
  const beside = besideStreams(streams);
  const sinks = new Map(streams.map((stream) => [stream.topic, openSink(stream, registry, beside.get(stream.name))]));

  const db = await use(openDatabase(config.databaseUrl));
  const admin = await use(untilUp(log, kafkaName, () => kafka.openAdmin()));
  const producer = await use(untilUp(log, kafkaName, () => createProducer(kafka, PRODUCER_LIMITS)));
  const { checkpoint, onShrunk, replaced } = startFromCheckpoint({
    ...{ db, admin, log, consumer: CONSUMER, onReplaced: events.replaced },
    onMissed: events.missed,
  });
  const onBatch = storeBatch({
    ...{ db, sinks, events, log },
    writeDeadLetters: createWriteDeadLetters(producer),
    withCheckpoint: checkpointGuard(CONSUMER),
    onReplaced: replaced,
  });
  const { progress, unreadable } = await use(
    consume({
      ...{ kafka, admin, log, onBatch, checkpoint, onShrunk },
      groupId: `${groupPrefix}storage`,
      topics: [...sinks.keys()],
      commitHints: true,
      readAhead: true,
      maxBytesPerPartition: FETCH_BYTES,
      onUnreadable: (partitions) => events.unreadable(partitions.length),
    }),
  );
  await use(expireRows({ db, sinks: [...sinks.values()], events, log }));
  const { lag } = await use(observeLag({ admin, progress, events, log }));
  return checkReadable(
    unreadable,
    watchProgress({ lag, position: progress.batches, stuckAfterMs: config.stuckAfterMs }),
  );
}
