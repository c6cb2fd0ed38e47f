import { openDatabase } from '@millrace/core/database/open-database';
import { openHttp } from '@millrace/core/http/open-http';
import { openapiOf } from '@millrace/core/openapi/openapi-of';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { runService } from '@millrace/core/service/run-service';
import { z } from 'zod';
import { openSync } from '../open-sync.ts';
import { service } from '../service.ts';
import { killStep } from './kill-step.ts';
import { vendorConnector } from './vendor-connector.ts';

/** The service with the tests' connector, which ends itself where `KILL_FILE` says. */
const env = z
  .object({
    VENDOR_NAME: z.string().default('vendor'),
    VENDOR_URL: z.string(),
    VENDOR_SECRET: z.string().default('the-canary-of-the-vendor'),
    VENDOR_FINGERPRINT: z.string().default('the same'),
    VENDOR_PER_SECOND: z.coerce.number().default(Number.POSITIVE_INFINITY),
    VENDOR_PER_DAY: z.coerce.number().default(Number.POSITIVE_INFINITY),
    CUSTOMERS: z.string(),
    PASSES: z.string(),
    /** Holds `after-produce:2` to have the process end itself the second time at that step. */
    KILL_FILE: z.string().default(''),
    CALL_ATTEMPTS: z.coerce.number().default(2),
  })
  .parse(process.env);

await runService(service, async ({ use, untilUp, config, settings, log, metrics, health }) => {
  const streams = await loadStreams(config.schemasDir);
  const openapi = () => openapiOf(service, streams, config);
  const http = await openHttp({ name: service.name, config, log, metrics, health, openapi });
  const db = await use(openDatabase(config.databaseUrl));
  const connector = vendorConnector({
    name: env.VENDOR_NAME,
    url: env.VENDOR_URL,
    secret: env.VENDOR_SECRET,
    fingerprint: env.VENDOR_FINGERPRINT,
    budget: { perSecond: env.VENDOR_PER_SECOND, perDay: env.VENDOR_PER_DAY },
    streams: { customers: env.CUSTOMERS, passes: env.PASSES },
  });
  const sync = await openSync({
    ...{ use, untilUp, config, settings, log, metrics, db, streams, step: killStep(env.KILL_FILE) },
    connectors: [connector],
    times: {
      leaseMs: 1_500,
      lookEveryMs: 100,
      pace: { attempts: env.CALL_ATTEMPTS, firstDelayMs: 10, maxDelayMs: 200 },
    },
  });
  health.add('database', sync.database);
  health.add('kafka', sync.kafka);
  await use(http.serve(sync.routes));
});
