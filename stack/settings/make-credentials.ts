import { randomBytes } from 'node:crypto';
import { chmod, link, rm, writeFile } from 'node:fs/promises';
import { type Credentials, credentialsFile, readCredentials } from '@millrace/core/config/credentials';
import { StackError } from '../stack-error.ts';

const newSecret = (): string => randomBytes(24).toString('base64url');

const newCredentials = (): Credentials => ({
  users: {},
  clients: {},
  secrets_key: randomBytes(32).toString('base64url'),
  mysql: { root: newSecret(), millrace: newSecret() },
});

/**
 * The data folder's passwords, for its owner alone: those that are there, else new ones. Of several that come at once,
 * all are given the same.
 */
export async function makeCredentials(dataDir: string): Promise<Credentials> {
  const file = credentialsFile(dataDir);
  const unfinished = `${file}.${randomBytes(6).toString('hex')}.part`;
  if (!readCredentials(dataDir)) {
    await writeFile(unfinished, `${JSON.stringify(newCredentials(), null, 2)}\n`, { mode: 0o600, flush: true });
    // A link is made whole or not at all, and never over another's.
    await link(unfinished, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await rm(unfinished);
  }
  await chmod(file, 0o600);
  const made = readCredentials(dataDir);
  if (!made) throw new StackError(`${file} cannot be read: it belongs to another user.`);
  return made;
}
