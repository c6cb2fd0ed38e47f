import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemasDir as shippedSchemas } from '@millrace/schemas/schemas-dir';
import type { Stack } from '@millrace/stack/harness/stack';
import { startStack } from '@millrace/stack/harness/start-stack';
import { readStackSettings } from '@millrace/stack/settings/stack-settings';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { getJson } from './get-json.ts';
import { installSchemathesis } from './schemathesis/install-schemathesis.ts';
import { runSchemathesis } from './schemathesis/run-schemathesis.ts';
import { type Ground, openGround, type Platform, startPlatform } from './start-platform.ts';

const installed = await installSchemathesis(readStackSettings(process.env).cacheDir);
if ('reason' in installed) process.stderr.write(`The schemathesis lane is skipped: ${installed.reason}.\n`);

const LANE_MS = 300_000;
const services = ['receiver', 'storage', 'analyzer'] as const;
const documentOf = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

describe('the OpenAPI document of a running service', () => {
  let stack: Stack;
  let ground: Ground;
  let platform: Platform;
  let schemasDir: string;

  beforeAll(async () => {
    schemasDir = await mkdtemp(join(tmpdir(), 'millrace-schemas-'));
    await cp(shippedSchemas, schemasDir, { recursive: true, filter: (path) => !/\/(node_modules|dist)$/.test(path) });
    for (const file of ['journeys.avsc', 'devices.avsc'])
      await cp(join(import.meta.dirname, '../core/test', file), join(schemasDir, file));
    stack = await startStack(process.env);
    ground = await openGround(stack, schemasDir);
    platform = await startPlatform(ground);
  });

  afterAll(async () => {
    await platform?.close();
    await ground?.close();
    await stack?.close();
    await rm(schemasDir, { recursive: true, force: true });
  });

  it.each(services)('names only routes that the %s has', async (service) => {
    const { paths } = documentOf.parse(await getJson(`${platform[service]}/openapi.json`));

    const missing = await Promise.all(
      Object.entries(paths).map(async ([path, methods]) => {
        const { headers } = await fetch(`${platform[service]}${path.replaceAll(/[{}]/g, '')}`, { method: 'OPTIONS' });
        const allowed = (headers.get('allow') ?? '').toLowerCase().split(', ');
        return Object.keys(methods).flatMap((method) => (allowed.includes(method) ? [] : [`${method} ${path}`]));
      }),
    );

    expect(Object.keys(paths).length).toBeGreaterThan(5);
    expect(missing.flat()).toEqual([]);
  });

  it.skipIf('reason' in installed).each(services)(
    'is what the %s answers to every request that schemathesis makes up',
    async (service) => {
      if ('reason' in installed) throw new Error(installed.reason);

      const { ok, output } = await runSchemathesis(installed, platform[service]);

      expect(ok, output).toBe(true);
      expect(output).toMatch(/(\d{3,}) generated, \1 passed/);
    },
    LANE_MS,
  );
});
