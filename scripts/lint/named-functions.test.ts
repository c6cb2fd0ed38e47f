import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rootDir } from '@millrace/core/config/root-dir';
import { expect, it, onTestFinished } from 'vitest';

const SOURCE = `
export const refused = (n: number) => {
  return n;
};
const refusedToo = async <T>(value: T): Promise<T> => {
  return value;
};
export const oneExpression = (n: number) => n + 1;
export const curried = (n: number) => (m: number) => {
  return n + m;
};
export const typed: (n: number) => number = (n) => {
  return n;
};
export const found = [1, 2].map((n) => {
  return refusedToo(n);
});
export function written() {
  const closure = () => {
    return 1;
  };
  return closure;
}
`;

/** The lines at which the rule speaks up. */
async function refusedLines(source: string): Promise<number[]> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-lint-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await cp(join(import.meta.dirname, 'named-functions.grit'), join(dir, 'named-functions.grit'));
  const config = { root: true, plugins: ['./named-functions.grit'], linter: { rules: { preset: 'none' } } };
  await writeFile(join(dir, 'biome.json'), JSON.stringify(config));
  await writeFile(join(dir, 'source.ts'), source);
  const biome = join(rootDir, 'node_modules', '.bin', 'biome');
  const { stdout, stderr } = await promisify(execFile)(biome, ['lint', '--colors=off', 'source.ts'], {
    cwd: dir,
  }).catch((error: { stdout: string; stderr: string }) => error);
  return [...`${stdout}${stderr}`.matchAll(/^source\.ts:(\d+):\d+ plugin/gm)].map(([, line]) => Number(line));
}

it('refuses named arrows with a body of statements at the top of a module, and nothing else', async () => {
  expect(await refusedLines(SOURCE)).toEqual([2, 5]);
});
