import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';
import { serviceNames } from '@millrace/core/services/services';
import { readStackSettings } from '@millrace/stack/settings/stack-settings';
import type { LogLine } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import type { World } from '@millrace/testing/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { getJson } from './get-json.ts';
import { installSchemathesis } from './schemathesis/install-schemathesis.ts';
import { runSchemathesis } from './schemathesis/run-schemathesis.ts';
import { openGround, type Platform, startPlatform } from './start-platform.ts';

const installed = await installSchemathesis(readStackSettings(process.env).cacheDir);
if ('reason' in installed) process.stderr.write(`The schemathesis lane is skipped: ${installed.reason}.\n`);

const LANE_MS = 300_000;
const documentOf = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** `get /stats/running/{}`: what a parameter is called is no part of a route. */
const operationsOf = (document: unknown) =>
  Object.entries(documentOf.parse(document).paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`),
  );

/** The parts of the page at `/docs` are no routes of the API, and neither are paths that are known and take nothing. */
const NO_ROUTES = /^(?:get \/docs\/|all )/;

/** What a service says at the end of its start that it serves, in the same spelling. */
const routesIn = (lines: readonly LogLine[]) =>
  z
    .array(z.string())
    .parse(lines.findLast(({ msg }) => msg === 'routes')?.routes)
    .filter((route) => !NO_ROUTES.test(route))
    .map((route) => route.replaceAll(/:\w+/g, '{}'));

/** `millrace_storage_lag_records gauge Offsets between …`, of Prometheus's text. */
const metricsIn = (text: string) =>
  [...text.matchAll(/^# HELP (millrace_\w+) (.*)\n# TYPE \1 (\w+)$/gm)].map(
    ([, name, help, type]) => `${name} ${type} ${help}`,
  );

/** The same, of a section of the page. */
function listedUnder(title: string, page: string): string[] {
  const section = page
    .split('\n## ')
    .find((part) => part.startsWith(`${title}\n`) || part.startsWith(`\`${title}\`\n`));
  return [...(section ?? '').matchAll(/^\| `(\w+)` \| (\w+) \| .* \| (.*) \|$/gm)].map(
    ([, name, type, help]) => `${name} ${type} ${help}`,
  );
}

describe('what a running service says of itself', () => {
  let ground: World;
  let platform: Platform;

  beforeAll(async () => {
    ground = await openGround('shipped');
    for (const file of ['journeys.avsc', 'devices.avsc'])
      await cp(join(rootDir, 'core/test', file), join(ground.schemasDir, file));
    platform = await startPlatform(ground, { LOG_LEVEL: 'debug' });
  });

  afterAll(async () => {
    await platform?.close();
    await ground?.close();
  });

  it.each(serviceNames)('names every route of the %s in its OpenAPI document, and no other', async (service) => {
    const documented = operationsOf(await getJson(`${platform[service]}/openapi.json`));

    const served = routesIn(platform.linesOf(service));

    expect(served.length).toBeGreaterThanOrEqual(5);
    expect(served.filter((route) => !documented.includes(route))).toEqual([]);
    expect(documented.filter((route) => !served.includes(route))).toEqual([]);
  });

  it('is, for the shipped streams, what docs/openapi.json says of all services', async () => {
    const committed = operationsOf(JSON.parse(await readFile(join(rootDir, 'docs/openapi.json'), 'utf8')));

    const served = new Set(serviceNames.flatMap((service) => routesIn(platform.linesOf(service))));

    const ours = [...served].filter(
      (route) => !/^\w+ \/(test\/|journeys|devices|export\/(journeys|devices))/.test(route),
    );
    expect(ours.sort()).toEqual(committed.sort());
  });

  it.each(serviceNames)(
    'registers the metrics that docs/metrics.md lists for the %s, and no other',
    async (service) => {
      const page = await readFile(join(rootDir, 'docs/metrics.md'), 'utf8');

      const text = await (await fetch(`${platform[service]}/metrics`)).text();

      expect(metricsIn(text).sort()).toEqual(
        [...listedUnder('Every service', page), ...listedUnder(service, page)].sort(),
      );
    },
  );

  it.skipIf('reason' in installed).each(serviceNames)(
    'is what the %s answers to every request that schemathesis makes up',
    async (service) => {
      if ('reason' in installed) throw new Error(installed.reason);

      const { ok, output } = await runSchemathesis(installed, platform[service]);

      expect(ok, output).toBe(true);
      expect(output).toMatch(/(\d{3,}) generated, \1 passed/);
      await waitUntil(
        () => fetch(`${platform[service]}/readyz`),
        ({ ok }) => ok,
      );
    },
    LANE_MS,
  );
});
