import { checkpointMigration } from '@millrace/core/checkpoint/checkpoint-migration';
import type { Migration } from '@millrace/core/database/migrate';
import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';

/** Accounts at once, in one statement. */
const MOST = 1_000;

/** Every account that ever was: those that are closed or deleted too, so that none begins twice. Ids are compared byte by byte. */
const createKnownAccounts: Migration = {
  name: 'rules-create-known-accounts',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS rules_known_accounts (
      account_id VARBINARY(1020) NOT NULL,
      PRIMARY KEY (account_id)
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    await db.raw('DROP TABLE rules_known_accounts');
  },
};

/** What the tables of the account worker have been through; part of the service's list. */
export const accountMigrations: readonly Migration[] = [checkpointMigration, createKnownAccounts];

export async function findKnown(trx: Transaction, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const some of parts(ids)) {
    const rows = await selectRows<{ account_id: Buffer }>(
      trx,
      `SELECT account_id FROM rules_known_accounts WHERE account_id IN (${some.map(() => '?').join(',')})`,
      some,
    );
    for (const row of rows) known.add(row.account_id.toString());
  }
  return known;
}

/** Changes nothing for those that are known. */
export async function addKnown(trx: Transaction, ids: readonly string[]): Promise<void> {
  for (const some of parts(ids))
    await changeRows(
      trx,
      `INSERT INTO rules_known_accounts (account_id) VALUES ${some.map(() => '(?)').join(',')}
       ON DUPLICATE KEY UPDATE account_id = VALUES(account_id)`,
      some,
    );
}

/** In the order of the key, in which every transaction then locks them. */
function parts(ids: readonly string[]): Buffer[][] {
  const sorted = ids.map((id) => Buffer.from(id)).sort(Buffer.compare);
  return Array.from({ length: Math.ceil(sorted.length / MOST) }, (_, n) => sorted.slice(n * MOST, (n + 1) * MOST));
}
