import { openDatabase } from '@millrace/core/database/open-database';
import { createApp } from '@millrace/core/http/create-app';
import { serveHttp } from '@millrace/core/http/serve-http';
import { openapiOf } from '@millrace/core/openapi/openapi-of';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { runService } from '@millrace/core/service/run-service';
import { openStorage } from './open-storage.ts';

await runService('storage', async ({ use, config, log, metrics, health }) => {
  const streams = await loadStreams(config.schemasDir);
  const db = await use(openDatabase(config.databaseUrl));
  const storage = await openStorage({ use, config, log, metrics, db, streams });
  health.add('database', storage.database);
  health.add('consumer', storage.consumer);
  const openapi = () => openapiOf('storage', streams);
  const app = createApp({ name: 'storage', log, metrics, ready: health.report, openapi, routes: storage.routes });
  await use(serveHttp({ host: config.host, port: config.ports.storage, name: 'storage', log }, app));
});
