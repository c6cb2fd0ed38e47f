import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readEnvironment } from './read-environment.ts';

async function envFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'read-environment-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, '.env');
  await writeFile(path, text);
  return path;
}

describe('readEnvironment', () => {
  it('reads the file, and lets the environment win', async () => {
    const path = await envFile('# ports\nSTORAGE_PORT=9002\nANALYZER_PORT="9003"\n');

    expect(readEnvironment({ STORAGE_PORT: '9102' }, path)).toEqual({ STORAGE_PORT: '9102', ANALYZER_PORT: '9003' });
  });

  it('needs no file', () => {
    expect(readEnvironment({ HOST: 'localhost' }, '/nowhere/.env')).toEqual({ HOST: 'localhost' });
  });

  it('says that a file cannot be read rather than going on without it', () => {
    expect(() => readEnvironment({}, tmpdir())).toThrow(`${tmpdir()} cannot be read`);
  });
});
