import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { envExample } from '@millrace/core/config/env-example';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { relaySettings } from '@millrace/sync-connectors/relay/relay-settings';
import { simulatorSettings } from '@millrace/sync-connectors/simulators/simulator-settings';
import { composeFile } from './compose-file.ts';
import { errorsPage } from './errors-page.ts';
import { metricsPage } from './metrics-page.ts';
import { readArguments } from './read-arguments.mjs';
import { reservedRoutes } from './reserved-routes.ts';
import { serviceDeclarations } from './service-declarations.ts';
import { streamFiles } from './stream-files.ts';

const root = join(import.meta.dirname, '..');

/** Every committed file that is made from another one, by its path from the repository's root. */
const generated: Readonly<Record<string, string>> = {
  'docker-compose.yml': composeFile(await readFile(join(root, 'docker-compose.yml'), 'utf8')),
  '.env.example': envExample([
    ...serviceDeclarations.map(({ settings }) => settings),
    relaySettings,
    simulatorSettings,
  ]),
  'core/schema/generated/reserved-routes.ts': reservedRoutes(serviceDeclarations),
  'docs/errors.md': errorsPage(),
  'docs/metrics.md': metricsPage(serviceDeclarations),
  ...streamFiles(await loadStreams(schemasDir)),
};

/** Folders that hold nothing else: a file that is no longer made there is removed. */
const folders = ['docs/streams', 'schemas/generated'];

const { check = false } = readArguments({
  usage: 'npm run generate [-- --check]: write every generated file, or only compare',
  options: { check: { type: 'boolean' } },
}).values;
const stale: string[] = [];

for (const [path, content] of Object.entries(generated)) {
  const committed = await readFile(join(root, path), 'utf8').catch(() => undefined);
  if (committed === content) continue;
  stale.push(path);
  if (check) continue;
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

for (const folder of folders) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files) {
    const path = file.slice(root.length + 1);
    if (path in generated) continue;
    stale.push(path);
    if (!check) await rm(file);
  }
}

if (check && stale.length > 0) {
  process.stderr.write(`Stale: ${stale.join(', ')}. Run npm run generate and commit the result.\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(stale.length > 0 ? `Wrote ${stale.join(', ')}.\n` : 'Generated files are up to date.\n');
}
