import type { RequestListener } from 'node:http';
import { onTestFinished } from 'vitest';
import { serveHttp } from '../http/serve-http.ts';
import { createLog } from '../log/create-log.ts';

export const silentLog = createLog({ name: 'test', level: 'silent' });

/** A real server on a free port until the test ends; answers its URL. */
export async function serveForTest(listener: RequestListener): Promise<string> {
  const server = await serveHttp({ host: '127.0.0.1', port: 0, name: 'test', log: silentLog }, listener);
  onTestFinished(() => server.close());
  return server.url;
}
