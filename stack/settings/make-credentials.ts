import { hkdfSync, randomBytes } from 'node:crypto';
import { chmod, link, rename, rm, writeFile } from 'node:fs/promises';
import { type Credentials, credentialsFile, readCredentials } from '@millrace/core/config/credentials';
import { StackError } from '../stack-error.ts';

const newSecret = (): string => randomBytes(24).toString('base64url');

const newCredentials = (): Credentials => ({
  users: { relay: newSecret() },
  clients: { admin: newSecret() },
  secrets_key: randomBytes(32).toString('base64url'),
  mysql: { root: newSecret(), millrace: newSecret() },
});

/**
 * With the user and the client that tokens are issued to from the start, which a file from an earlier version lacks. Their secrets are
 * derived from `secrets_key`, so all that add them at the same time add the same.
 */
function withAccounts(made: Credentials): Credentials {
  const derived = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', made.secrets_key, '', purpose, 24)).toString('base64url');
  return {
    ...made,
    users: { relay: derived('user relay'), ...made.users },
    clients: { admin: derived('client admin'), ...made.clients },
  };
}

/**
 * The data folder's passwords, for its owner alone: those that are there, else new ones. Of several that come at once,
 * all are given the same.
 */
export async function makeCredentials(dataDir: string): Promise<Credentials> {
  const file = credentialsFile(dataDir);
  const found = readCredentials(dataDir);
  if (!found)
    await writeWhole(file, newCredentials(), async (unfinished) => {
      // A link is made whole or not at all, and never over another's.
      await link(unfinished, file).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      await rm(unfinished);
    });
  else if (!found.users.relay || !found.clients.admin)
    await writeWhole(file, withAccounts(found), (unfinished) => rename(unfinished, file));
  await chmod(file, 0o600);
  const made = readCredentials(dataDir);
  if (!made) throw new StackError(`${file} cannot be read: it belongs to another user.`);
  return made;
}

/** Writes a file beside its place, which `finish` then puts there: whoever reads it at that moment finds it whole. */
async function writeWhole(
  file: string,
  credentials: Credentials,
  finish: (unfinished: string) => Promise<void>,
): Promise<void> {
  const unfinished = `${file}.${randomBytes(6).toString('hex')}.part`;
  await writeFile(unfinished, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flush: true });
  await finish(unfinished);
}
