import { capturedLog } from '@millrace/testing/captured-log';
import { anybody, serveForTest } from '@millrace/testing/serve-for-test';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../metrics/create-metrics.ts';
import { Problem } from '../problem/problem.ts';
import { createHealth } from '../service/health.ts';
import { createApp } from './create-app.ts';
import { readJson } from './read-json.ts';
import type { Route } from './route-table.ts';

const routes: Route[] = [
  { method: 'get', path: '/runs', access: 'public', handler: (_req, res) => void res.json([1, 2]) },
  {
    method: 'post',
    path: '/runs',
    access: 'public',
    handler: async (req, res) => void res.json(await readJson(req, { limitBytes: 10 })),
  },
  { method: 'get', path: '/runs/:id', access: 'public', handler: (req, res) => void res.json({ id: req.params.id }) },
  { method: 'delete', path: '/runs/latest', access: 'public', handler: (_req, res) => void res.status(204).end() },
  {
    method: 'get',
    path: '/throws',
    access: 'public',
    handler: () => {
      throw new Error('secret');
    },
  },
  {
    method: 'get',
    path: '/rejects',
    access: 'public',
    handler: async () => {
      throw new Problem('database-unavailable', 'MySQL is unreachable');
    },
  },
  { method: 'get', path: '/trace', access: 'public', handler: (_req, res) => void res.json(res.locals.trace) },
];

async function serveApp(level: 'info' | 'debug' = 'info') {
  const { log, lines } = capturedLog(level);
  const health = createHealth({ cacheMs: 0 });
  const metrics = createMetrics('storage');
  const openapi = () => ({ openapi: '3.1.0' });
  const url = await serveForTest(
    createApp({ name: 'storage', log, metrics, ready: health.report, openapi, routes, authorize: anybody }),
  );
  const call = async (method: string, path: string, body?: string) => {
    const headers = new Headers(body === undefined ? {} : { 'content-type': 'application/json' });
    const response = await fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body }) });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return { url, call, health, lines };
}

describe('createApp', () => {
  it('routes by the table, and answers HEAD as GET without a body', async () => {
    const { call } = await serveApp();

    expect(await call('GET', '/runs/7')).toMatchObject({ status: 200, text: '{"id":"7"}' });
    const head = await call('HEAD', '/runs');
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers.get('content-length')).toBe('5');
  });

  it('answers an unknown path with 404, also in another case', async () => {
    const { call } = await serveApp();

    for (const path of ['/nope', '/RUNS', '//', '/runs/1/2']) {
      const { status, text, headers } = await call('GET', path);
      expect({ status, code: JSON.parse(text).code }).toEqual({ status: 404, code: 'not-found' });
      expect(headers.get('content-type')).toBe('application/problem+json');
    }
  });

  it('answers a wrong method with 405 and every method that any matching pattern takes', async () => {
    const { call } = await serveApp();

    const collection = await call('PUT', '/runs');
    const overlapping = await call('PATCH', '/runs/latest');

    expect(collection.status).toBe(405);
    expect(collection.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
    expect(overlapping.headers.get('allow')).toBe('GET, HEAD, DELETE, OPTIONS');
    expect(JSON.parse(overlapping.text).code).toBe('method-not-allowed');
  });

  it('answers OPTIONS with what is allowed', async () => {
    const { call } = await serveApp();

    const options = await call('OPTIONS', '/healthz');

    expect(options).toMatchObject({ status: 204, text: '' });
    expect(options.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    expect((await call('OPTIONS', '/nope')).status).toBe(404);
  });

  it('answers a path that cannot be decoded, a body too large and broken JSON as the client’s faults', async () => {
    const { call } = await serveApp();

    expect((await call('GET', '/runs/%zz')).status).toBe(400);
    expect((await call('POST', '/runs', '"0123456789"')).status).toBe(413);
    expect((await call('POST', '/runs', '{')).status).toBe(400);
  });

  it('logs a bug with its stack and trace, and tells the client neither', async () => {
    const { call, lines } = await serveApp();

    const { status, text } = await call('GET', '/throws');

    expect(status).toBe(500);
    expect(text).not.toContain('secret');
    expect(lines).toMatchObject([{ level: 'error', trace_id: JSON.parse(text).trace_id, err: { message: 'secret' } }]);
  });

  it('answers what a handler rejects with, and says an outage once a second however often it is met', async () => {
    const { call, lines } = await serveApp();

    const answers = await Promise.all(Array.from({ length: 20 }, () => call('GET', '/rejects')));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect(answers[0]?.headers.get('retry-after')).toBe('1');
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('logs nothing while all is well, and each request when debugging', async () => {
    const quiet = await serveApp();
    const debugging = await serveApp('debug');

    await quiet.call('GET', '/runs');
    await quiet.call('GET', '/nope');
    await debugging.call('GET', '/runs?limit=1');
    await debugging.call('GET', '/healthz');

    expect(quiet.lines).toEqual([]);
    const [request] = debugging.lines.filter(({ msg }) => msg === 'request');
    expect(request).toMatchObject({ method: 'GET', url: '/runs?limit=1', status: 200 });
  });

  it('continues the trace of a request, for the handler and in the answer', async () => {
    const { url } = await serveApp();
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

    const response = await fetch(`${url}/trace`, { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } });

    expect(await response.json()).toEqual({ traceId, traceparent: response.headers.get('traceparent') });
  });

  it('is healthy while not ready, and ready once every check is', async () => {
    const { call, health } = await serveApp();
    let ok = false;
    health.add('kafka', () => ({ ok, detail: ok ? 'lag 0' : 'no broker' }));

    const before = await call('GET', '/readyz');
    ok = true;
    const after = await call('GET', '/readyz');

    expect((await call('GET', '/healthz')).status).toBe(200);
    expect(before.status).toBe(503);
    expect(JSON.parse(before.text).checks).toEqual([{ name: 'kafka', ok: false, detail: 'no broker' }]);
    expect(after).toMatchObject({ status: 200, text: expect.stringContaining('"status":"ready"') });
  });

  it('counts requests by pattern, never by path', async () => {
    const { call } = await serveApp();
    await call('GET', '/runs/1');
    await call('GET', '/runs/2');
    await call('GET', '/nope/3');

    const { text, headers } = await call('GET', '/metrics');

    expect(headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(text).toContain(
      'millrace_http_request_duration_seconds_count{service="storage",method="GET",route="/runs/:id",status="200"} 2',
    );
    expect(text).toContain(
      'millrace_http_request_duration_seconds_count{service="storage",method="GET",route="none",status="404"} 1',
    );
    expect(text).toContain('nodejs_eventloop_lag_seconds{service="storage"}');
  });

  it('does not say what it is made of, and lets a documentation page load its own styles', async () => {
    const { call } = await serveApp();

    const { headers, text } = await call('GET', '/openapi.json');

    expect(text).toBe('{"openapi":"3.1.0"}');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("style-src 'self' 'unsafe-inline'");
    expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
  });
});
