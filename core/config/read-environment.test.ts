import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readEnvironment, readGivenEnvironment } from './read-environment.ts';

async function envFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'read-environment-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, '.env');
  await writeFile(path, text);
  return path;
}

describe('readEnvironment', () => {
  it('follows ports that the file moves', async () => {
    const path = await envFile('KAFKA_PORT=19092\nREGISTRY_PORT=18181\nMYSQL_PORT=13306\nDATA_DIR=/nowhere\n');

    expect(readEnvironment({ REGISTRY_PORT: '18182' }, path)).toMatchObject({
      KAFKA_BROKERS: '127.0.0.1:19092',
      SCHEMA_REGISTRY_URL: 'http://127.0.0.1:18182/apis/ccompat/v7',
      DATABASE_URL: 'mysql://millrace@127.0.0.1:13306/millrace',
    });
  });
});

describe('readGivenEnvironment', () => {
  it('reads the file, and lets the environment win', async () => {
    const path = await envFile('# ports\nSTORAGE_PORT=9002\nANALYZER_PORT="9003"\n');

    expect(readGivenEnvironment({ STORAGE_PORT: '9102' }, path)).toEqual({
      STORAGE_PORT: '9102',
      ANALYZER_PORT: '9003',
    });
  });

  it('needs no file', () => {
    expect(readGivenEnvironment({ HOST: 'localhost' }, '/nowhere/.env')).toEqual({ HOST: 'localhost' });
  });

  it('says that a file cannot be read rather than going on without it', () => {
    expect(() => readGivenEnvironment({}, tmpdir())).toThrow(`${tmpdir()} cannot be read`);
  });
});
