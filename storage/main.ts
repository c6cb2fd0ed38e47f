import { openDatabase } from '@millrace/core/database/open-database';
import { createApp } from '@millrace/core/http/create-app';
import { serveHttp } from '@millrace/core/http/serve-http';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { runService } from '@millrace/core/service/run-service';
import { openStorage } from './open-storage.ts';

await runService('storage', async ({ use, config, log, metrics, health }) => {
  const streams = await loadStreams(config.schemasDir);
  const db = await use(openDatabase(config.databaseUrl));
  const storage = await openStorage({ use, config, log, metrics, db, streams });
  health.add('database', storage.database);
  health.add('consumer', storage.consumer);
  const openapi = () => ({ openapi: '3.1.0', info: { title: 'Millrace storage', version: '0.1.0' }, paths: {} });
  const app = createApp({ name: 'storage', log, metrics, ready: health.report, openapi, routes: storage.routes });
  await use(serveHttp({ host: config.host, port: config.ports.storage, name: 'storage', log }, app));
});
