import { createApp } from '@millrace/core/http/create-app';
import type { Route } from '@millrace/core/http/route-table';
import { serveHttp } from '@millrace/core/http/serve-http';
import { createLog } from '@millrace/core/log/create-log';
import { createMetrics } from '@millrace/core/metrics/create-metrics';
import { createHealth } from '@millrace/core/service/health';
import { anybody } from '@millrace/testing/serve-for-test';
import { onTestFinished } from 'vitest';

/** Serves routes on a free port until the test ends; answers the URL. */
export async function serveRoutes(routes: readonly Route[], authorize = anybody): Promise<string> {
  const log = createLog({ name: 'test', level: 'silent' });
  const app = createApp({
    ...{ name: 'analyzer', log, metrics: createMetrics('analyzer'), routes, authorize },
    ready: createHealth({ cacheMs: 0 }).report,
    openapi: () => ({ openapi: '3.1.0' }),
  });
  const server = await serveHttp({ host: '127.0.0.1', port: 0, name: 'test', log }, app);
  onTestFinished(() => server.close());
  return server.url;
}
