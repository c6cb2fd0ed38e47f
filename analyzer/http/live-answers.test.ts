import { createConnection } from 'node:net';
import { waitUntil } from '@millrace/core/harness/wait-until';
import { createApp } from '@millrace/core/http/create-app';
import { serveHttp } from '@millrace/core/http/serve-http';
import { createLog } from '@millrace/core/log/create-log';
import { createMetrics } from '@millrace/core/metrics/create-metrics';
import { createHealth } from '@millrace/core/service/health';
import { expect, it, onTestFinished } from 'vitest';
import { createLiveAnswers, type LiveAnswers } from './live-answers.ts';

const MOST_FOLLOWERS = 100;

/** Serves each of the answers at a path of its own. */
async function served(followed: Readonly<Record<string, Parameters<LiveAnswers['follow']>[1]>>): Promise<string> {
  const live = createLiveAnswers();
  const log = createLog({ name: 'test', level: 'silent' });
  const app = createApp({
    ...{ name: 'analyzer', log, metrics: createMetrics('analyzer') },
    ready: createHealth({ cacheMs: 0 }).report,
    openapi: () => ({ openapi: '3.1.0' }),
    routes: Object.entries(followed).map(([path, each]) => ({
      ...{ method: 'get', path },
      handler: (_req, res) => live.follow(res, each),
    })),
  });
  const server = await serveHttp({ host: '127.0.0.1', port: 0, name: 'test', log }, app);
  onTestFinished(async () => {
    live.close();
    await server.close();
  });
  return server.url;
}

/** An answer that counts how often it was asked for; it has changed each time it is looked at. */
function changing(body: string) {
  const counts = { looks: 0, asked: 0 };
  const version = () => String(counts.looks++);
  const answer = async () => {
    counts.asked += 1;
    return body;
  };
  return { counts, version, answer };
}

it('sends an event for each change, and nothing while there is none', async () => {
  let version = 0;
  let asked = 0;
  const answer = async () => ({ version, asked: ++asked });
  const url = await served({ '/live': { version: () => String(version), answer } });
  const response = await fetch(`${url}/live`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const events: unknown[] = [];

  for (; version < 3; version += 1) events.push((await reader?.read())?.value);
  await reader?.cancel();

  expect(events).toEqual([0, 1, 2].map((n) => `event: stats\ndata: {"version":${n},"asked":${n + 1}}\n\n`));
});

it('has room for another page as soon as one is gone', async () => {
  const url = await served({ '/live': changing('') });
  const stop = new AbortController();
  const follow = () => fetch(`${url}/live`, { signal: stop.signal });
  await Promise.all(Array.from({ length: MOST_FOLLOWERS }, follow));

  const refused = await fetch(`${url}/live`);
  stop.abort();
  const accepted = await waitUntil(
    async () => {
      const response = await fetch(`${url}/live`);
      await response.body?.cancel();
      return response.status;
    },
    (status) => status === 200,
  );

  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
  expect(accepted).toBe(200);
});

it('computes nothing for a page that has not taken what it was sent', async () => {
  const [slow, quick] = [changing('x'.repeat(64 * 1024 * 1024)), changing('')];
  const { hostname, port, origin } = new URL(await served({ '/slow': slow, '/quick': quick }));
  const socket = createConnection(Number(port), hostname).pause();
  onTestFinished(() => void socket.destroy());
  socket.write(`GET /slow HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
  await waitUntil(
    async () => slow.counts.asked,
    (asked) => asked === 1,
  );
  const page = (await fetch(`${origin}/quick`)).body?.getReader();

  while (quick.counts.asked < 4) await page?.read();
  const whileStuck = slow.counts.asked;
  socket.resume();
  await waitUntil(
    async () => slow.counts.asked,
    (asked) => asked > 1,
  );
  await page?.cancel();

  expect(whileStuck).toBe(1);
});
