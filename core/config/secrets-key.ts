import { Problem } from '../problem/problem.ts';
import { credentialsFile, readCredentials } from './credentials.ts';
import type { Config } from './read-config.ts';
import { setting } from './setting.ts';
import { matching } from './setting-types.ts';

/** The same setting of every service that encrypts what it stores. */
export const secretsKeySetting = setting(
  '',
  matching(/^(?:[\x21-\x7e]{16,})?$/, 'must be at least 16 printable characters without a space'),
  'What secrets in the database are encrypted under: the private keys that sign tokens, and the tokens of vendors.',
  'secrets_key of credentials.json in DATA_DIR, which make up makes',
);

/** `SECRETS_KEY`, else the one that `make up` made. Throws `invalid-config` where there is neither. */
export function secretsKeyOf(
  { SECRETS_KEY }: { readonly SECRETS_KEY: string },
  { dataDir }: Pick<Config, 'dataDir'>,
): string {
  const key = SECRETS_KEY || readCredentials(dataDir)?.secrets_key;
  if (key !== undefined) return key;
  throw new Problem(
    'invalid-config',
    `SECRETS_KEY is not set, and ${credentialsFile(dataDir)} is not there. It encrypts the secrets in the database: any text of 16 ` +
      'printable characters or more, the same at every start, such as openssl rand -hex 32 gives',
  );
}
