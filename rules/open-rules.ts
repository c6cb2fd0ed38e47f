import type { Config } from '@millrace/core/config/read-config';
import type { Database } from '@millrace/core/database/open-database';
import type { Route } from '@millrace/core/http/route-table';
import type { Log } from '@millrace/core/log/create-log';
import type { Metrics } from '@millrace/core/metrics/create-metrics';
import { openStreams } from '@millrace/core/record/open-streams';
import type { Stream } from '@millrace/core/schema/stream';
import type { Check } from '@millrace/core/service/health';
import type { Use } from '@millrace/core/service/parts';
import type { UntilUp } from '@millrace/core/service/until-up';
import { checkKafka } from '@millrace/core/stream/check-kafka';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { createProducer } from '@millrace/core/stream/create-producer';
import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { partitionCounts } from '@millrace/core/stream/partition-counts';
import { checkAccountWorker } from './account/check-account-worker.ts';
import { startAccountWorker } from './account/start-account-worker.ts';
import { followRules } from './catalog/follow-rules.ts';
import { readRules } from './catalog/read-rules.ts';
import { createChangeRule } from './change/change-rules.ts';
import { createDryRuns } from './dry/dry-runs.ts';
import type { Evaluation } from './evaluate/evaluate-rules.ts';
import { openLive } from './live/open-live.ts';
import { rulesMetrics } from './metrics.ts';
import { prepareDatabase } from './prepare-database.ts';
import { readAccounts, readEvents } from './read/read-entries.ts';
import { askDryRun, dryRoutes } from './routes/dry-routes.ts';
import { ruleRoutes } from './routes/rule-routes.ts';
import type { RulesSettings } from './settings.ts';
import type { Roles } from './streams/roles.ts';
import { findSubjects } from './streams/subjects.ts';
import { createOutcomeWriter } from './write/write-outcomes.ts';

type RulesOptions = {
  readonly use: Use;
  readonly untilUp: UntilUp;
  readonly config: Config;
  readonly settings: RulesSettings;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly db: Database;
  readonly streams: readonly Stream[];
  readonly roles: Roles;
};

export type Rules = {
  readonly routes: readonly Route[];
  readonly database: Check;
  readonly kafka: Check;
  /** Of the worker that welcomes new accounts. */
  readonly accounts: Check;
};

const PRODUCER_LIMITS = { deadlineMs: 10_000, maxInFlightRecords: 200_000, maxInFlightBytes: 256 * 1024 * 1024 };

/** Opens all of rules but the HTTP server. Waits for dependencies that are not up yet. */
export async function openRules(options: RulesOptions): Promise<Rules> {
  const { use, untilUp, config, settings, log, metrics, db, streams, roles } = options;
  await untilUp('the database', () => prepareDatabase(db));
  const { brokers, replicationFactor } = config.kafka;
  const kafka = connectKafka({ brokers, clientId: 'millrace-rules', log });
  const kafkaName = `Kafka at ${brokers.join(', ')}`;
  const admin = await use(untilUp(kafkaName, () => kafka.openAdmin()));
  const ends = await use(untilUp(kafkaName, () => kafka.openAdmin({ readUncommitted: true })));
  const producer = await use(untilUp(kafkaName, () => createProducer(kafka, PRODUCER_LIMITS)));
  const registry = openRegistry(config.registryUrl);
  const topics = streams.map(({ topic }) => topic);
  const counts = await untilUp('Kafka to make the topics', async () => {
    await ensureTopics(admin, streams, replicationFactor);
    return partitionCounts(admin, topics);
  });
  const subjects = findSubjects(streams, roles, counts);
  const written = [roles.rules, roles.wonEvents, roles.anomalies, roles.evaluations];
  const { toRecords } = await openStreams({
    streams: [roles.rules, roles.events],
    admin,
    registry,
    producer,
    replicationFactor,
    untilUp,
  });
  const schemaIds = new Map<Stream, number>();
  for (const stream of written)
    schemaIds.set(stream, await untilUp('the schema registry', () => registry.register(stream)));

  const groupPrefix = config.kafka.groupPrefix;
  const rules = await use(
    untilUp(kafkaName, () =>
      followRules({ kafka, admin, log, groupPrefix, topic: roles.rules.topic, read: readRules(subjects, registry) }),
    ),
  );
  await untilUp('the rules', rules.upToDate);

  const evaluated = metrics.counter(rulesMetrics.evaluations);
  const [succeeded, failed] = [evaluated.labels('done'), evaluated.labels('failed')];
  const outcomes = metrics.counter(rulesMetrics.outcomes);
  const unusable = metrics.counter(rulesMetrics.unusable);
  const evaluation: Evaluation = {
    maxDepth: settings.MAX_CHAIN_DEPTH,
    keepNotWon: settings.RULES_KEEP_NOT_WON,
    onEvaluated: (_, hasFailed) => (hasFailed ? failed : succeeded).inc(),
  };
  const write = createOutcomeWriter(
    roles,
    schemaIds,
    producer,
    (topic) => producer.partitionCount(topic) ?? counts.get(topic) ?? 1,
  );
  const readers = new Map(
    [...subjects.read.values()].map((stream) => [
      stream.topic,
      stream === roles.accounts ? readAccounts(stream, registry) : readEvents(stream, registry),
    ]),
  );
  const live = await use(
    untilUp(kafkaName, () =>
      openLive({
        ...{ kafka, admin, ends, db, subjects, rules, readers, evaluation, log, groupPrefix },
        clockSkewMs: settings.RULES_CLOCK_SKEW_MS,
        async write(found) {
          await write(found);
          for (const { outcome } of found) outcomes.labels(outcome).inc();
        },
        onFaults: (topic, faults) => void unusable.labels(topic).inc(faults.length),
      }),
    ),
  );
  metrics.gauge(rulesMetrics.partitions, () => live.partitions().length);

  const [toRecord, toEvent] = [toRecords.get(roles.rules), toRecords.get(roles.events)];
  if (!toRecord || !toEvent) throw new Error('the streams of rules and events were not opened');
  const change = createChangeRule({ db, rules, producer, topic: roles.rules.topic, toRecord });
  const { accounts, events } = roles;
  const welcome = { kafka, admin, registry, producer, db, accounts, events, toRecord: toEvent, groupPrefix, log };
  const worker = await use(untilUp(kafkaName, () => startAccountWorker(welcome)));
  const runs = await use(createDryRuns());
  const dry = { kafka, admin, registry, subjects, catalog: rules.catalog, groupPrefix, log };
  const asked = {
    ...{ rules, runs, dry: { ...dry, maxDepth: settings.MAX_CHAIN_DEPTH } },
    clockSkewMs: settings.RULES_CLOCK_SKEW_MS,
    withinMs: settings.RULES_DRY_RUN_SECONDS * 1_000,
  };
  return {
    routes: [...dryRoutes(asked), ...ruleRoutes({ rules, subjects, change, dryRun: askDryRun(asked) })],
    database: async () => {
      await db.raw('SELECT 1');
      return { ok: true, detail: 'answers' };
    },
    kafka: checkKafka(admin),
    accounts: checkAccountWorker(admin, worker, config.stuckAfterMs),
  };
}
