import { createApp } from '@millrace/core/http/create-app';
import { serveHttp } from '@millrace/core/http/serve-http';
import { openapiOf } from '@millrace/core/openapi/openapi-of';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { runService } from '@millrace/core/service/run-service';
import { openAnalyzer } from './open-analyzer.ts';

await runService('analyzer', async ({ use, config, log, metrics, health }) => {
  const streams = await loadStreams(config.schemasDir);
  const { routes, checks, live } = await openAnalyzer({ use, config, log, metrics, streams });
  for (const [name, check] of Object.entries(checks)) health.add(name, check);
  const openapi = () => openapiOf('analyzer', streams);
  const app = createApp({ name: 'analyzer', log, metrics, ready: health.report, openapi, routes });
  await use(serveHttp({ host: config.host, port: config.ports.analyzer, name: 'analyzer', log }, app));
  await use(live);
});
