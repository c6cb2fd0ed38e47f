import { capturedLog } from '@millrace/testing/captured-log';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import { createMetrics } from '../metrics/create-metrics.ts';
import { createHealth } from '../service/health.ts';
import { openHttp } from './open-http.ts';

async function open(port = '0') {
  const { log, lines } = capturedLog('info');
  const health = createHealth({ cacheMs: 0 });
  const config = readConfig({ RECEIVER_PORT: port });
  const frame = { config, log, metrics: createMetrics('receiver'), health, openapi: () => ({ openapi: '3.1.0' }) };
  const http = await openHttp({ name: 'receiver', ...frame });
  const url = String(lines.find(({ msg }) => msg === 'starting')?.url);
  onTestFinished(() => http.serve([]).close());
  return { http, health, url, lines };
}

const statusOf = async (url: string, method = 'GET') => (await fetch(url, { method })).status;

describe('openHttp', () => {
  it('answers for the service before its routes are there, and 503 to whoever asks for one', async () => {
    const { url, health } = await open();
    health.add('service', () => ({ ok: false, detail: 'starting: waiting for Kafka' }));

    const ready = await fetch(`${url}/readyz`);
    const post = await fetch(`${url}/stats/running`, { method: 'POST', body: '{}' });

    expect(
      await Promise.all(['/healthz', '/metrics', '/openapi.json', '/docs'].map((path) => statusOf(url + path))),
    ).toEqual([200, 200, 200, 200]);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: [{ detail: 'starting: waiting for Kafka' }] });
    expect(post.status).toBe(503);
    expect(post.headers.get('retry-after')).toBe('1');
    expect(await post.json()).toMatchObject({ code: 'not-ready' });
  });

  it('takes the routes into use on the same port, behind what is put in front of them', async () => {
    const { http, url, lines } = await open();
    const before = await statusOf(`${url}/runs`);

    http.serve(
      [{ method: 'get', path: '/runs', access: 'public', handler: (_req, res) => void res.json([]) }],
      (app) => (req, res) => {
        if (req.url === '/fast') res.end('fast');
        else app(req, res);
      },
    );

    expect([before, await statusOf(`${url}/runs`), await statusOf(`${url}/fast`)]).toEqual([503, 200, 200]);
    expect([await statusOf(`${url}/else`), await statusOf(`${url}/runs`, 'POST')]).toEqual([404, 405]);
    expect(lines.at(-1)).toMatchObject({ msg: 'listening', url });
  });

  it('tells at once that the port is in use', async () => {
    const { url } = await open();

    await expect(open(new URL(url).port)).rejects.toThrow(/the port is in use; free it or set RECEIVER_PORT/);
  });
});
