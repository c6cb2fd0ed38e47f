import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
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

    const { mysql, users, clients, secrets_key } = made;
    const all = [mysql.root, mysql.millrace, secrets_key, users.relay, clients.admin];
    expect(new Set(all.filter((secret) => secret !== undefined)).size).toBe(5);
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

  it('adds what a file from an earlier version lacks, the same for all who come at once, and changes nothing else', async () => {
    const dir = await folder();
    const file = join(dir, 'credentials.json');
    const earlier = {
      ...{ users: { ann: 'her-password' }, clients: {}, secrets_key: 'key-key-key', later: 1 },
      mysql: { root: 'root-password', millrace: 'its-password' },
    };
    await writeFile(file, JSON.stringify(earlier));

    const made = await Promise.all(Array.from({ length: 8 }, () => makeCredentials(dir)));

    const relay = expect.stringMatching(/^[\w-]{32}$/);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      ...earlier,
      users: { relay, ann: 'her-password' },
      clients: { admin: relay },
    });
    expect(new Set(made.map((each) => `${each.users.relay} ${each.clients.admin}`)).size).toBe(1);
    expect(await readdir(dir)).toEqual(['credentials.json']);
  });
});
