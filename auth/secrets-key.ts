import { credentialsFile, readCredentials } from '@millrace/core/config/credentials';
import type { Config } from '@millrace/core/config/read-config';
import { Problem } from '@millrace/core/problem/problem';
import type { AuthSettings } from './settings.ts';

/** `SECRETS_KEY`, else the one that `make up` made. Throws `invalid-config` where there is neither. */
export function secretsKeyOf({ SECRETS_KEY }: Pick<AuthSettings, 'SECRETS_KEY'>, { dataDir }: Config): string {
  const key = SECRETS_KEY || readCredentials(dataDir)?.secrets_key;
  if (key !== undefined) return key;
  throw new Problem(
    'invalid-config',
    `SECRETS_KEY is not set, and ${credentialsFile(dataDir)} is not there. It encrypts the keys that sign tokens: any text of 16 ` +
      'printable characters or more, the same at every start, such as openssl rand -hex 32 gives',
  );
}
