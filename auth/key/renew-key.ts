import type { Database } from '@millrace/core/database/open-database';
import { Problem } from '@millrace/core/problem/problem';
import { createSeal, type Seal } from '@millrace/core/seal/seal';
import { alone } from '../prepare-database.ts';
import { newKey, openKey } from './signing-key.ts';
import { currentKey, replaceKey } from './stored-keys.ts';

/** What private keys are sealed with. */
export const keySeal = (secretsKey: string): Seal => createSeal(secretsKey, 'millrace signing keys');

export const wrongSecretsKey = (): Problem =>
  new Problem(
    'invalid-config',
    'SECRETS_KEY is not the one that the signing key in the database is encrypted under. Set that one; where it is lost, make ' +
      'rotate-keys FORCE=1 makes a new signing key under this one',
  );

type RenewOptions = {
  /** Only a key of at least this age is replaced. */
  readonly fromDays: number;
  /** Replaces a key that `SECRETS_KEY` does not open too; without it that is refused. */
  readonly force?: boolean;
};

/**
 * Makes the first key, or one in the place of a key that is old enough; answers its id, or undefined when there was nothing to do. Of several
 * processes that come at once, one does it.
 */
export const renewKey = (
  db: Database,
  seal: Seal,
  { fromDays, force = false }: RenewOptions,
): Promise<string | undefined> =>
  alone(db, async () => {
    const current = await currentKey(db);
    if (current && !force && !openKey(current, seal)) throw wrongSecretsKey();
    if (current && current.days < fromDays) return undefined;
    const made = await newKey(seal);
    await replaceKey(db, made);
    return made.kid;
  });
