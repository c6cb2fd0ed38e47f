import type { Worker } from 'node:worker_threads';
import { openHttp } from '@millrace/core/http/open-http';
import { openapiOf } from '@millrace/core/openapi/openapi-of';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { runService } from '@millrace/core/service/run-service';
import { openAnalyzer } from './open-analyzer.ts';
import { service } from './service.ts';

/** @param reader gives the thread that reads the topics */
export const runAnalyzer = (reader: () => Worker): Promise<void> =>
  runService(service, async ({ use, untilUp, config, settings, log, metrics, health }) => {
    const streams = await loadStreams(config.schemasDir);
    const openapi = () => openapiOf(service, streams, config);
    const http = await openHttp({ name: service.name, config, log, metrics, health, openapi });
    const { routes, checks, live } = await openAnalyzer({
      reader,
      use,
      untilUp,
      config,
      settings,
      log,
      metrics,
      streams,
    });
    for (const [name, check] of Object.entries(checks)) health.add(name, check);
    await use(http.serve(routes));
    await use(live);
  });
