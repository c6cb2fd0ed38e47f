import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { envExample } from '@millrace/core/config/env-example';

/** Every committed file that is made from another one, by its path from the repository's root. */
const generators: Readonly<Record<string, () => string | Promise<string>>> = {
  '.env.example': envExample,
};

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const stale: string[] = [];

for (const [path, generate] of Object.entries(generators)) {
  const content = await generate();
  const committed = await readFile(join(root, path), 'utf8').catch(() => undefined);
  if (committed === content) continue;
  stale.push(path);
  if (!check) await writeFile(join(root, path), content);
}

if (check && stale.length > 0) {
  process.stderr.write(`Stale: ${stale.join(', ')}. Run npm run generate and commit the result.\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(stale.length > 0 ? `Wrote ${stale.join(', ')}.\n` : 'Generated files are up to date.\n');
}
