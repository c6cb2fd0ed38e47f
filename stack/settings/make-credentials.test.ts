import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeCredentials } from './make-credentials.ts';

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-credentials-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

describe('makeCredentials', () => {
  it('makes passwords that differ, in a file for its owner alone, and keeps them', async () => {
    const dir = await folder();

    const made = await makeCredentials(dir);

    expect(new Set([made.mysql.root, made.mysql.millrace, made.secrets_key]).size).toBe(3);
    expect(await makeCredentials(dir)).toEqual(made);
    expect((await stat(join(dir, 'credentials.json'))).mode & 0o777).toBe(0o600);
    expect((await makeCredentials(await folder())).mysql.root).not.toBe(made.mysql.root);
  });

  it('gives everybody who comes at once the same', async () => {
    const dir = await folder();

    const made = await Promise.all(Array.from({ length: 8 }, () => makeCredentials(dir)));

    expect(new Set(made.map(({ secrets_key }) => secrets_key)).size).toBe(1);
    expect(await readdir(dir)).toEqual(['credentials.json']);
  });
});
