import type { RequestListener } from 'node:http';
import type { Authorize } from '@millrace/core/access/authenticate';
import { ANONYMOUS } from '@millrace/core/access/caller';
import { serveHttp } from '@millrace/core/http/serve-http';
import { createLog } from '@millrace/core/log/create-log';
import { onTestFinished } from 'vitest';

/** Lets every request pass, as `AUTH=open` does. */
export const anybody: Authorize = () => ANONYMOUS;

export const silentLog = createLog({ name: 'test', level: 'silent' });

/** A real server on a free port until the test ends; answers its URL. */
export async function serveForTest(listener: RequestListener): Promise<string> {
  const server = await serveHttp({ host: '127.0.0.1', port: 0, name: 'test', log: silentLog }, listener);
  onTestFinished(() => server.close());
  return server.url;
}
