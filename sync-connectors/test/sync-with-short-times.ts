import { secretsKeyOf } from '@millrace/core/config/secrets-key';
import { openDatabase } from '@millrace/core/database/open-database';
import { openHttp } from '@millrace/core/http/open-http';
import { openapiOf } from '@millrace/core/openapi/openapi-of';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { runService } from '@millrace/core/service/run-service';
import { z } from 'zod';
import { connectors } from '../connectors.ts';
import { openSync } from '../open-sync.ts';
import { service } from '../service.ts';
import { killStep } from './kill-step.ts';

/** The service with all its connectors, in which leases and the pauses between tries are short, and which ends itself where `KILL_FILE` says. */
const env = z
  .object({ KILL_FILE: z.string().default(''), CALL_ATTEMPTS: z.coerce.number().default(3) })
  .parse(process.env);

await runService(service, async ({ use, untilUp, config, settings, log, metrics, health }) => {
  const streams = await loadStreams(config.schemasDir);
  const openapi = () => openapiOf(service, streams, config);
  const http = await openHttp({ name: service.name, config, log, metrics, health, openapi });
  const db = await use(openDatabase(config.databaseUrl));
  const parts = { db, log, secretsKey: () => secretsKeyOf(settings, config) };
  const sync = await openSync({
    ...{ use, untilUp, config, settings, log, metrics, db, streams, step: killStep(env.KILL_FILE) },
    connectors: connectors.flatMap((open) => open(settings, parts) ?? []),
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
