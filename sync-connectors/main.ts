import { secretsKeyOf } from '@millrace/core/config/secrets-key';
import { openDatabase } from '@millrace/core/database/open-database';
import { openHttp } from '@millrace/core/http/open-http';
import { openapiOf } from '@millrace/core/openapi/openapi-of';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { runService } from '@millrace/core/service/run-service';
import { connectors } from './connectors.ts';
import { openSync } from './open-sync.ts';
import { service } from './service.ts';

await runService(service, async ({ use, untilUp, config, settings, log, metrics, health }) => {
  const streams = await loadStreams(config.schemasDir);
  const openapi = () => openapiOf(service, streams, config);
  const http = await openHttp({ name: service.name, config, log, metrics, health, openapi });
  const db = await use(openDatabase(config.databaseUrl));
  const parts = { db, log, secretsKey: () => secretsKeyOf(settings, config) };
  const used = connectors.flatMap((open) => open(settings, parts) ?? []);
  const sync = await openSync({ use, untilUp, config, settings, log, metrics, db, streams, connectors: used });
  health.add('database', sync.database);
  health.add('kafka', sync.kafka);
  await use(http.serve(sync.routes));
});
