import type { Config } from '@millrace/core/config/read-config';
import type { Log } from '@millrace/core/log/create-log';
import { openStreams } from '@millrace/core/record/open-streams';
import type { Stream } from '@millrace/core/schema/stream';
import type { Use } from '@millrace/core/service/parts';
import type { UntilUp } from '@millrace/core/service/until-up';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { createProducer } from '@millrace/core/stream/create-producer';
import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { partitionCounts } from '@millrace/core/stream/partition-counts';
import type { Roles } from './streams/roles.ts';
import { findSubjects } from './streams/subjects.ts';
import { createOutcomeWriter } from './write/write-outcomes.ts';

type PartsOptions = {
  readonly use: Use;
  readonly untilUp: UntilUp;
  readonly config: Config;
  readonly log: Log;
  readonly streams: readonly Stream[];
  readonly roles: Roles;
};

const PRODUCER_LIMITS = { deadlineMs: 10_000, maxInFlightRecords: 200_000, maxInFlightBytes: 256 * 1024 * 1024 };

/** Opens what rules read from and write to. Waits for Kafka and the registry where they are not up yet. */
export async function openParts({ use, untilUp, config, log, streams, roles }: PartsOptions) {
  const { brokers, replicationFactor } = config.kafka;
  const kafka = connectKafka({ brokers, clientId: 'millrace-rules', log });
  const kafkaName = `Kafka at ${brokers.join(', ')}`;
  const onKafka = <Opened>(open: () => Promise<Opened>) => untilUp(kafkaName, open);
  const admin = await use(onKafka(() => kafka.openAdmin()));
  const ends = await use(onKafka(() => kafka.openAdmin({ readUncommitted: true })));
  const producer = await use(onKafka(() => createProducer(kafka, PRODUCER_LIMITS)));
  const registry = openRegistry(config.registryUrl);
  const topics = streams.map(({ topic }) => topic);
  const counts = await untilUp('Kafka to make the topics', async () => {
    await ensureTopics(admin, streams, replicationFactor);
    return partitionCounts(admin, topics);
  });
  const { toRecords } = await openStreams({
    streams: [roles.rules, roles.events],
    ...{ admin, registry, producer, replicationFactor, untilUp },
  });
  const [toRule, toEvent] = [toRecords.get(roles.rules), toRecords.get(roles.events)];
  if (!toRule || !toEvent) throw new Error('the streams of rules and events were not opened');
  const schemaIds = new Map<Stream, number>();
  for (const stream of [roles.wonEvents, roles.anomalies, roles.evaluations])
    schemaIds.set(stream, await untilUp('the schema registry', () => registry.register(stream)));
  const partitions = (topic: string) => producer.partitionCount(topic) ?? counts.get(topic) ?? 1;
  return {
    ...{ kafka, admin, ends, producer, registry, onKafka, toRule, toEvent },
    subjects: findSubjects(streams, roles, counts),
    write: createOutcomeWriter(roles, schemaIds, producer, partitions),
  };
}
