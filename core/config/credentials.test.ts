import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCredentials } from './credentials.ts';

async function folderWith(text: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-credentials-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, 'credentials.json'), text);
  return dir;
}

const complete = {
  users: { relay: 'a-password' },
  clients: {},
  secrets_key: 'key-key-key',
  mysql: { root: 'root-password', millrace: 'its-password' },
};

describe('readCredentials', () => {
  it('answers what is there, and parts that it does not know as well', async () => {
    const dir = await folderWith(JSON.stringify({ ...complete, later: 1 }));

    expect(readCredentials(dir)).toEqual({ ...complete, later: 1 });
  });

  it('answers undefined where there is no file', () => {
    expect(readCredentials('/nowhere')).toBeUndefined();
    expect(readCredentials('/dev/null')).toBeUndefined();
  });

  it.each([
    ['', 'is not JSON'],
    ['{"users": {', 'is not JSON'],
    ['[]', 'is incomplete'],
    [JSON.stringify({ ...complete, mysql: { root: 'root-password' } }), 'is incomplete: mysql.millrace'],
    [JSON.stringify({ ...complete, secrets_key: "two\nlines'; DROP" }), 'is incomplete: secrets_key'],
    [JSON.stringify({ ...complete, mysql: { root: '', millrace: 'its-password' } }), 'is incomplete: mysql.root'],
  ])('refuses %j in one line that names the file', async (text, why) => {
    const dir = await folderWith(text);

    expect(() => readCredentials(dir)).toThrow(`${dir}/credentials.json ${why}`);
    expect(() => readCredentials(dir)).toThrow(/^[^\n]*$/);
  });
});
