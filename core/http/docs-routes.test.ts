import { anybody, serveForTest, silentLog } from '@millrace/testing/serve-for-test';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../metrics/create-metrics.ts';
import { createHealth } from '../service/health.ts';
import { createApp } from './create-app.ts';

describe('docsRoutes', () => {
  it('serves a page whose scripts and styles all come from the service itself', async () => {
    const frame = { name: 'storage', log: silentLog, metrics: createMetrics('storage'), ready: createHealth().report };
    const url = await serveForTest(createApp({ ...frame, openapi: () => ({}), routes: [], authorize: anybody }));

    const page = await fetch(`${url}/docs`);
    const html = await page.text();
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    const answers = await Promise.all(assets.map((path) => fetch(new URL(path, `${url}/docs`))));

    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(assets).toHaveLength(4);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(html).not.toMatch(/https?:/);
  });

  it('may ask for tokens where they are issued, from the page alone', async () => {
    const frame = { name: 'storage', log: silentLog, metrics: createMetrics('storage'), ready: createHealth().report };
    const tokenOrigin = 'http://127.0.0.1:8086';
    const url = await serveForTest(
      createApp({ ...frame, openapi: () => ({}), routes: [], authorize: anybody, tokenOrigin }),
    );
    const policyOf = async (path: string) => (await fetch(`${url}${path}`)).headers.get('content-security-policy');

    const policies = await Promise.all(['/docs', '/openapi.json', '/nothing', '/docs/start.js'].map(policyOf));

    const strict = expect.not.stringContaining('connect-src');
    expect(policies[0]).toBe(`${policies[1]};connect-src 'self' ${tokenOrigin}`);
    expect(policies.slice(1)).toEqual([strict, strict, strict]);
  });
});
