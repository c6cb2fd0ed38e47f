import type { Config } from '@millrace/core/config/read-config';
import { secretsKeyOf } from '@millrace/core/config/secrets-key';
import { createLeases } from '@millrace/core/database/lease';
import type { Database } from '@millrace/core/database/open-database';
import type { Route } from '@millrace/core/http/route-table';
import type { Log } from '@millrace/core/log/create-log';
import type { Metrics } from '@millrace/core/metrics/create-metrics';
import type { Stream } from '@millrace/core/schema/stream';
import { createSeal } from '@millrace/core/seal/seal';
import type { Check } from '@millrace/core/service/health';
import type { Use } from '@millrace/core/service/parts';
import type { UntilUp } from '@millrace/core/service/until-up';
import { checkKafka } from '@millrace/core/stream/check-kafka';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { prepareDatabase } from '../prepare-database.ts';
import { createGuard } from './address/guard.ts';
import { consumerOf } from './delivery/delivery.ts';
import { deliveryMetrics } from './metrics.ts';
import { observeDeliveries } from './observe.ts';
import { deliveryRoutes } from './routes/delivery-routes.ts';
import { sendingRoutes } from './routes/sending-routes.ts';
import { compileReadEvents } from './run/read-events.ts';
import { openDeliveryRun } from './run/run-delivery.ts';
import { type Supervisor, supervise } from './run/supervise.ts';
import { createSend } from './send/create-send.ts';
import { allowsPrivate, type DeliverySettings } from './settings.ts';
import { keepHouse } from './store/keep-house.ts';
import { createSecrets } from './store/secrets.ts';

export type Deliveries = { readonly routes: readonly Route[]; readonly kafka: Check };

type DeliveriesOptions = {
  readonly use: Use;
  readonly untilUp: UntilUp;
  readonly config: Config;
  readonly settings: DeliverySettings;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly db: Database;
  readonly streams: readonly Stream[];
};

const LOOK_MS = 1_000;
/** Between new events, while an endpoint accepts none. */
const LONGEST_PAUSE_MS = 30_000;

/** Opens all of deliveries but the HTTP server. Waits for dependencies that are not up yet. */
export async function openDeliveries(options: DeliveriesOptions): Promise<Deliveries> {
  const { use, untilUp, config, settings, log, metrics, db, streams } = options;
  const secretsKey = secretsKeyOf(settings, config);
  const allowPrivate = allowsPrivate(settings, config);
  const { brokers, groupPrefix, replicationFactor } = config.kafka;
  const overlapMs = settings.DELIVERIES_SECRET_OVERLAP_SECONDS * 1_000;
  const secrets = createSecrets(createSeal(secretsKey, 'deliveries'), overlapMs);
  const guard = createGuard(allowPrivate);
  const leases = createLeases(db, { forMs: settings.DELIVERIES_LEASE_MS });
  const timeoutMs = settings.DELIVERIES_TIMEOUT_MS;
  const pauses = { firstMs: Math.min(1_000, settings.DELIVERIES_RETRY_FIRST_MS), longestMs: LONGEST_PAUSE_MS };
  await untilUp('the database', () => prepareDatabase(db));
  const kafka = connectKafka({ brokers, clientId: 'millrace-deliveries', log });
  const admin = await use(untilUp(`Kafka at ${brokers.join(', ')}`, () => kafka.openAdmin()));
  await untilUp('Kafka to make the topics', () => ensureTopics(admin, streams, replicationFactor));
  const registry = openRegistry(config.registryUrl);
  const tests = await use(createSend({ guard, timeoutMs }));
  let supervisor: Supervisor | undefined;
  const fault = (deliveryId: string) => supervisor?.fault(deliveryId);
  const observed = await use(observeDeliveries({ db, admin, streams, fault, metrics, log }));
  await use(
    keepHouse({
      ...{ db, log, keptAttempts: settings.DELIVERIES_KEEP_ATTEMPTS },
      keptDays: settings.DELIVERIES_KEEP_FAILED_DAYS,
    }),
  );

  supervisor = await use(
    supervise({
      ...{ db, log, secrets, streams, everyMs: LOOK_MS },
      async open({ deliveryId }, stream, orders) {
        const sender = createSend({ guard, timeoutMs });
        const run = await openDeliveryRun({
          ...{ deliveryId, stream, orders, kafka, admin, db, leases, log, groupPrefix, pauses },
          ...{ send: sender.send, readEvents: compileReadEvents(stream, registry) },
          plan: {
            firstMs: settings.DELIVERIES_RETRY_FIRST_MS,
            longestMs: settings.DELIVERIES_RETRY_LONGEST_MS,
            forMs: settings.DELIVERIES_RETRY_FOR_MS,
          },
          limits: {
            concurrency: settings.DELIVERIES_CONCURRENCY,
            mostHeld: settings.DELIVERIES_MOST_RETRYING,
          },
          onAttempt: (attempt) => observed.onAttempt(deliveryId, attempt),
          onUnusable: (count) => observed.onUnusable(deliveryId, count),
        });
        return {
          ...run,
          async close() {
            await run.close();
            await sender.close();
          },
        };
      },
      /** The group may still have members elsewhere; the last replica removes it. */
      onDeleted: (deliveryId) =>
        admin.deleteGroups([`${groupPrefix}${consumerOf(deliveryId)}`]).catch((err: unknown) => {
          log.debug({ err }, 'a consumer group stays for now');
        }),
    }),
  );
  const running = supervisor;
  metrics.gauge(deliveryMetrics.deliveryPartitions, () =>
    running.running().reduce((sum, run) => sum + run.partitions(), 0),
  );
  const shared = { db, admin, streams, secrets, fault, onChanged: () => running.look() };
  return {
    kafka: checkKafka(admin),
    routes: [...deliveryRoutes({ ...shared, guard, allowPrivate }), ...sendingRoutes({ ...shared, send: tests.send })],
  };
}
