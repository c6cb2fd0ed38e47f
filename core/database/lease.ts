import { randomUUID } from 'node:crypto';
import type { Migration } from './migrate.ts';
import type { Database, Transaction } from './open-database.ts';
import { changeRows, selectRows } from './run-sql.ts';

/** Who does what now: a row with an owner and an end. Part of the list of migrations of every service that takes leases. */
export const leaseMigration: Migration = {
  name: '005-create-leases',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS platform_leases (
      name VARCHAR(191) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      owner CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      expires_at DATETIME(3) NOT NULL,
      PRIMARY KEY (name),
      KEY by_expires_at (expires_at)
    ) ENGINE=InnoDB`);
  },
  async down(db: Database) {
    await db.raw('DROP TABLE platform_leases');
  },
};

export type Lease = {
  readonly name: string;
  /** Aborted when the lease could not be renewed before its end: another process may own it now. */
  readonly lost: AbortSignal;
  /** Holds the lease's row until the transaction ends; throws when it is no longer ours. What is written under it is ours alone. */
  confirm(trx: Transaction): Promise<void>;
  release(): Promise<void>;
};

/** Renewed three times before it ends, so that one slow answer loses nothing. */
const RENEWALS = 3;

/**
 * Takes a lease that nobody holds, or whose end has passed, and renews it until it is released; undefined when another has it.
 * Ends are times of the database's clock, so no other clock counts. A process that is killed keeps a lease until its end.
 */
export async function takeLease(db: Database, name: string, { forMs = 15_000 } = {}): Promise<Lease | undefined> {
  const owner = randomUUID();
  const lost = new AbortController();
  let endsAt = performance.now() + forMs;
  if (!(await take())) return undefined;
  const timer = setInterval(() => void renew(), forMs / RENEWALS);
  timer.unref();

  return {
    name,
    lost: lost.signal,
    async confirm(trx) {
      const rows = await selectRows(
        trx,
        'SELECT name FROM platform_leases WHERE name = ? AND owner = ? AND expires_at > UTC_TIMESTAMP(3) FOR UPDATE',
        [name, owner],
      );
      if (rows.length === 0) throw new Error(`the lease ${name} has passed to another process`);
    },
    async release() {
      clearInterval(timer);
      await changeRows(db, 'DELETE FROM platform_leases WHERE name = ? AND owner = ?', [name, owner]);
    },
  };

  /** Assignments run from left to right: the end is only changed where the owner is now ours. */
  async function take(): Promise<boolean> {
    await changeRows(
      db,
      `INSERT INTO platform_leases (name, owner, expires_at) VALUES (?, ?, ${END})
       ON DUPLICATE KEY UPDATE owner = IF(expires_at <= UTC_TIMESTAMP(3), VALUES(owner), owner),
                               expires_at = IF(owner = VALUES(owner), VALUES(expires_at), expires_at)`,
      [name, owner, forMs * 1_000],
    );
    const rows = await selectRows(db, 'SELECT name FROM platform_leases WHERE name = ? AND owner = ?', [name, owner]);
    return rows.length > 0;
  }

  async function renew(): Promise<void> {
    const asked = performance.now();
    const renewed = await changeRows(
      db,
      `UPDATE platform_leases SET expires_at = ${END} WHERE name = ? AND owner = ?`,
      [forMs * 1_000, name, owner],
    ).catch(() => undefined);
    if (renewed) endsAt = asked + forMs;
    else if (renewed === 0 || performance.now() >= endsAt) {
      clearInterval(timer);
      lost.abort(new Error(`the lease ${name} was lost`));
    }
  }
}

const END = 'TIMESTAMPADD(MICROSECOND, ?, UTC_TIMESTAMP(3))';
