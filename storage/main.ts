import { openDatabase } from '@millrace/core/database/open-database';
import { openHttp } from '@millrace/core/http/open-http';
import { openapiOf } from '@millrace/core/openapi/openapi-of';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { runService } from '@millrace/core/service/run-service';
import { openStorage } from './open-storage.ts';
import { service } from './service.ts';

await runService(service, async ({ use, untilUp, config, log, metrics, health }) => {
  const streams = await loadStreams(config.schemasDir);
  const openapi = () => openapiOf(service, streams, config);
  const http = await openHttp({ name: service.name, config, log, metrics, health, openapi });
  const db = await use(openDatabase(config.databaseUrl));
  const storage = await openStorage({ use, untilUp, config, log, metrics, db, streams });
  health.add('database', storage.database);
  health.add('consumer', storage.consumer);
  health.add('topics', storage.topics);
  await use(http.serve(storage.routes));
});
