import type { Config } from '@millrace/core/config/read-config';
import type { Database } from '@millrace/core/database/open-database';
import type { Route } from '@millrace/core/http/route-table';
import type { Log } from '@millrace/core/log/create-log';
import type { Metrics } from '@millrace/core/metrics/create-metrics';
import { withLinkedSignal } from '@millrace/core/promise/link-signals';
import { openStreams } from '@millrace/core/record/open-streams';
import type { Stream } from '@millrace/core/schema/stream';
import type { Check } from '@millrace/core/service/health';
import type { Use } from '@millrace/core/service/parts';
import type { UntilUp } from '@millrace/core/service/until-up';
import { checkKafka } from '@millrace/core/stream/check-kafka';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { createProducer } from '@millrace/core/stream/create-producer';
import { openRegistry } from '@millrace/core/stream/open-registry';
import type { CallPace } from './frame/call/create-caller.ts';
import type { Connector } from './frame/connector.ts';
import { openConnector } from './frame/open-connector.ts';
import { forgetRuns } from './frame/run/forget-runs.ts';
import type { OpenConnector, Target } from './frame/run/run-options.ts';
import { startRunner } from './frame/run/runner.ts';
import { keepSchedules, schedulesOf } from './frame/schedule/schedules.ts';
import { MAX_RECORD_BYTES } from './frame/write/create-emit.ts';
import type { OnStep } from './frame/write/step.ts';
import { prepareDatabase } from './prepare-database.ts';
import { connectorRoutes } from './routes/connector-routes.ts';
import { runRoutes } from './routes/run-routes.ts';
import { startRoutes } from './routes/start-routes.ts';
import type { SyncSettings } from './settings.ts';
import { createSyncMetrics } from './sync-metrics.ts';

type SyncOptions = {
  readonly use: Use;
  readonly untilUp: UntilUp;
  readonly config: Config;
  readonly settings: SyncSettings;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly db: Database;
  readonly streams: readonly Stream[];
  readonly connectors: readonly Connector[];
  /** Shorter times, for tests. */
  readonly times?: { readonly leaseMs?: number; readonly lookEveryMs?: number; readonly pace?: CallPace };
  /** Called at each step of a run: tests end the process there. */
  readonly step?: OnStep;
};

export type Sync = { readonly routes: readonly Route[]; readonly database: Check; readonly kafka: Check };

const PRODUCER_LIMITS = {
  deadlineMs: 10_000,
  maxInFlightRecords: 100_000,
  maxInFlightBytes: 256 * 1024 * 1024,
  maxRecordBytes: MAX_RECORD_BYTES,
};
const LEASE_MS = 15_000;
const LOOK_EVERY_MS = 1_000;
const DISCOVER_MS = 60_000;

/** Opens all of sync-connectors but the HTTP server. Waits for dependencies that are not up yet. */
export async function openSync(options: SyncOptions): Promise<Sync> {
  const { use, untilUp, config, settings, log, metrics, db, streams, times = {} } = options;
  const counted = createSyncMetrics(metrics);
  const opened = options.connectors.map((connector) =>
    openConnector(connector, {
      ...{ db, streams, log, onTry: counted.onTry, pace: times.pace },
      timeoutMs: settings.SYNC_CALL_TIMEOUT_SECONDS * 1_000,
      breakMs: settings.SYNC_BREAKER_SECONDS * 1_000,
    }),
  );
  counted.watch(opened);
  const schedules = schedulesOf(opened, settings.SYNC_SCHEDULE, settings.SYNC_TIMEZONE);
  for (const { connector } of settings.SYNC_SCHEDULE)
    if (!opened.some((open) => open.connector.name === connector))
      log.warn({ connector }, 'SYNC_SCHEDULE names a connector that is not set up');
  await untilUp('the database', () =>
    prepareDatabase(
      db,
      opened.map(({ connector }) => connector.name),
    ),
  );

  const { brokers, replicationFactor } = config.kafka;
  const kafka = connectKafka({ brokers, clientId: 'millrace-sync-connectors', log });
  const kafkaName = `Kafka at ${brokers.join(', ')}`;
  const admin = await use(untilUp(kafkaName, () => kafka.openAdmin()));
  const producer = await use(untilUp(kafkaName, () => createProducer(kafka, PRODUCER_LIMITS)));
  const registry = openRegistry(config.registryUrl);
  const written = streams.filter(isWritable);
  const toRecords =
    opened.length === 0
      ? new Map()
      : (await openStreams({ streams: written, admin, registry, producer, replicationFactor, untilUp })).toRecords;
  const targets = new Map<string, Target>();
  for (const [stream, toRecord] of toRecords) targets.set(stream.name, { stream, toRecord });

  const runner = startRunner({
    ...{ db, producer, targets, connectors: opened, log, onRows: counted.onRows, onEnd: counted.onEnd },
    staleAfter: settings.STALE_AFTER,
    allowsEmpty: (name, entity) => settings.ALLOW_EMPTY.has(name) || settings.ALLOW_EMPTY.has(`${name}/${entity}`),
    step: options.step ?? (() => undefined),
    leaseMs: times.leaseMs ?? LEASE_MS,
    lookEveryMs: times.lookEveryMs ?? LOOK_EVERY_MS,
  });
  await use(runner);
  metrics.gauge(counted.running, runner.running);
  await use(
    keepSchedules({
      ...{ db, schedules, log },
      onTick(connector, outcome) {
        counted.onTick(connector, outcome);
        if (outcome === 'started') runner.look();
      },
    }),
  );
  await use(discoverAll(opened, log));
  await use(forgetRuns(db, settings.SYNC_KEEP_RUNS_DAYS, log));

  return {
    routes: [
      ...connectorRoutes({ db, connectors: opened, schedules }),
      ...runRoutes(db, runner),
      ...startRoutes({ db, connectors: opened, onRun: runner.look }),
    ],
    database: async () => {
      await db.raw('SELECT 1');
      return { ok: true, detail: 'answers' };
    },
    kafka: checkKafka(admin),
  };
}

/** Those that a connector, also one of a discovered entity, may write to. */
const isWritable = ({ store, fields }: Stream): boolean =>
  store === 'upsert' && ['stale_since', 'stale_reason'].every((name) => fields.some((field) => field.name === name));

/** Asks vendors for further entities; a vendor that does not answer holds nothing up. */
function discoverAll(opened: readonly OpenConnector[], log: Log): { close(): void } {
  const stop = new AbortController();
  for (const { connector, caller, discover } of opened) {
    withLinkedSignal([stop.signal], DISCOVER_MS, discover).catch((error: unknown) => {
      const reason = caller.redact(error instanceof Error ? error.message : String(error));
      if (!stop.signal.aborted) log.warn({ connector: connector.name, reason }, 'further entities were not discovered');
    });
  }
  return { close: () => stop.abort(new Error('the service is stopping')) };
}
