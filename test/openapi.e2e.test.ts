import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemasDir as shippedSchemas } from '@millrace/schemas/schemas-dir';
import type { Stack } from '@millrace/stack/harness/stack';
import { startStack } from '@millrace/stack/harness/start-stack';
import { readStackSettings } from '@millrace/stack/settings/stack-settings';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installSchemathesis } from './schemathesis/install-schemathesis.ts';
import { runSchemathesis } from './schemathesis/run-schemathesis.ts';
import { type Ground, openGround, type Platform, startPlatform } from './start-platform.ts';

const installed = await installSchemathesis(readStackSettings(process.env).cacheDir);
if ('reason' in installed) process.stderr.write(`The schemathesis lane is skipped: ${installed.reason}.\n`);

const LANE_MS = 300_000;

describe.skipIf('reason' in installed)('every request that schemathesis makes up', () => {
  let stack: Stack;
  let ground: Ground;
  let platform: Platform;
  let schemasDir: string;

  beforeAll(async () => {
    schemasDir = await mkdtemp(join(tmpdir(), 'millrace-schemas-'));
    await cp(shippedSchemas, schemasDir, { recursive: true, filter: (path) => !/\/(node_modules|dist)$/.test(path) });
    await cp(join(import.meta.dirname, '../core/test/journeys.avsc'), join(schemasDir, 'journeys.avsc'));
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

  it.each(['receiver', 'storage', 'analyzer'] as const)(
    'is answered by the %s as its OpenAPI document says',
    async (service) => {
      if ('reason' in installed) throw new Error(installed.reason);

      const { ok, output } = await runSchemathesis(installed, platform[service]);

      expect(ok, output).toBe(true);
      expect(output).toMatch(/(\d{3,}) generated, \1 passed/);
    },
    LANE_MS,
  );
});
