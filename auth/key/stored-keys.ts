import type { Database } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { ACCESS_TOKEN_SECONDS } from '../access-token-seconds.ts';
import type { StoredKey } from './signing-key.ts';

/** Clocks may differ, and a replica may sign with a key for seconds after it was retired. */
const MARGIN_SECONDS = 60;
/** How long a key is published after it was retired: until its last token has ended. */
const PUBLISHED_SECONDS = ACCESS_TOKEN_SECONDS + MARGIN_SECONDS;
const PUBLISHED = `(retired_at IS NULL OR retired_at > TIMESTAMPADD(SECOND, -${PUBLISHED_SECONDS}, UTC_TIMESTAMP(3)))`;

type Row = { readonly kid: string; readonly public_key: string; readonly sealed_private_key: Buffer };

const toKey = ({ kid, public_key: x, sealed_private_key: sealed }: Row): StoredKey => ({ kid, x, sealed });

/** The keys that tokens may still be signed with, the one that signs first. */
export async function publishedKeys(db: Database): Promise<readonly StoredKey[]> {
  const rows = await selectRows<Row>(
    db,
    `SELECT kid, public_key, sealed_private_key FROM auth_keys WHERE ${PUBLISHED}
      ORDER BY retired_at IS NULL DESC, retired_at DESC`,
  );
  return rows.map(toKey);
}

/** The key that signs; undefined before the first. `days` is its age, by the database's clock. */
export async function currentKey(db: Database): Promise<(StoredKey & { readonly days: number }) | undefined> {
  const [row] = await selectRows<Row & { readonly days: number }>(
    db,
    `SELECT kid, public_key, sealed_private_key, TIMESTAMPDIFF(DAY, created_at, UTC_TIMESTAMP(3)) AS days
       FROM auth_keys WHERE retired_at IS NULL`,
  );
  return row && { ...toKey(row), days: row.days };
}

/** Has a key sign, and retires the one that did. */
export async function replaceKey(db: Database, { kid, x, sealed }: StoredKey): Promise<void> {
  await db.transaction(async (trx) => {
    await changeRows(trx, 'UPDATE auth_keys SET retired_at = UTC_TIMESTAMP(3) WHERE retired_at IS NULL');
    await changeRows(
      trx,
      'INSERT INTO auth_keys (kid, public_key, sealed_private_key, created_at) VALUES (?, ?, ?, UTC_TIMESTAMP(3))',
      [kid, x, sealed],
    );
  });
}

/** Removes keys whose last token has ended; answers how many. */
export const removeEndedKeys = (db: Database): Promise<number> =>
  changeRows(db, `DELETE FROM auth_keys WHERE NOT ${PUBLISHED}`);
