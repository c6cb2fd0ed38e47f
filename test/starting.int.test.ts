import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@millrace/stack/parts/free-port';
import { type RunningService, serviceMain, startService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startInVain } from './start-in-vain.ts';

/** What each needs first, and a route of each. */
const services = [
  ['receiver', 'POST', '/stats/running', 'Kafka at 127.0.0.1:'],
  ['storage', 'GET', '/stats/running', 'the schema registry'],
  ['analyzer', 'GET', '/running?index=0', 'Kafka at 127.0.0.1:'],
] as const;

const readiness = z.object({ checks: z.array(z.object({ name: z.string(), detail: z.string() })) });

describe.each(services)('%s while nothing that it needs is there', (name, method, route, first) => {
  let dataDir: string;
  let env: Readonly<Record<string, string>>;
  let service: RunningService;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'millrace-data-'));
    const nowhere = `127.0.0.1:${await freePort()}`;
    env = {
      KAFKA_BROKERS: nowhere,
      SCHEMA_REGISTRY_URL: `http://${nowhere}/apis/ccompat/v7`,
      DATABASE_URL: `mysql://millrace:millrace@${nowhere}/millrace`,
      DATA_DIR: dataDir,
      [`${name.toUpperCase()}_PORT`]: '0',
    };
    service = await startService(serviceMain(name), env, { until: 'starting' });
  });

  afterAll(async () => {
    await service?.kill();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('is healthy, is not ready, and says what it waits for', async () => {
    const health = await fetch(`${service.url}/healthz`);

    const { status, checks } = await waitUntil(
      async () => {
        const answer = await fetch(`${service.url}/readyz`);
        return { status: answer.status, ...readiness.parse(await answer.json()) };
      },
      (ready) => ready.checks.some(({ detail }) => detail.includes('waiting for')),
    );

    expect(health.status).toBe(200);
    expect(status).toBe(503);
    expect(checks).toMatchObject([{ name: 'service', detail: expect.stringContaining(`waiting for ${first}`) }]);
  });

  it('answers 503 on its routes, and when to come back', async () => {
    const answer = await fetch(`${service.url}${route}`, { method });

    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ code: 'not-ready' });
  });

  it('has its port: another one says so in one line, without waiting', async () => {
    const { port } = new URL(service.url);

    const { code, stderr } = await startInVain(name, { ...env, [`${name.toUpperCase()}_PORT`]: port });

    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^${name} cannot start: cannot listen on 127.0.0.1:${port}: the port is in use.*\n$`),
    );
  });

  it('stops on SIGTERM', async () => {
    expect(await service.stop()).toBe(0);
  });
});
