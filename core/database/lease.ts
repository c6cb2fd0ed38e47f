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

/** Takes leases that end after the same time, and renews those that it has. */
export type Leases = {
  /** Takes a lease that nobody holds, or whose end has passed; undefined when another has it. */
  take(name: string): Promise<Lease | undefined>;
};

/** Renewed three times before it ends, so that one slow answer loses nothing. */
const RENEWALS = 3;
const END = 'TIMESTAMPADD(MICROSECOND, ?, UTC_TIMESTAMP(3))';

type Held = { readonly name: string; readonly lost: AbortController; endsAt: number };

/**
 * Leases that are renewed until they are released, by one statement however many they are. Ends are times of the database's
 * clock, so no other clock counts. A process that is killed keeps a lease until its end.
 */
export function createLeases(db: Database, { forMs = 15_000 } = {}): Leases {
  /** By owner: each lease has one of its own, so that this process too can take a name only once. */
  const held = new Map<string, Held>();
  let timer: NodeJS.Timeout | undefined;

  return {
    async take(name) {
      const owner = randomUUID();
      const endsAt = performance.now() + forMs;
      if (!(await insert(name, owner))) return undefined;
      const lost = new AbortController();
      held.set(owner, { name, lost, endsAt });
      timer ??= setInterval(() => void renew(), forMs / RENEWALS).unref();
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
          forget(owner);
          await changeRows(db, 'DELETE FROM platform_leases WHERE name = ? AND owner = ?', [name, owner]);
        },
      };
    },
  };

  /** Assignments run from left to right: the end is only changed where the owner is now ours. */
  async function insert(name: string, owner: string): Promise<boolean> {
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
    const leases = [...held];
    const renewed = await extend(leases).catch(() => undefined);
    for (const [owner, lease] of leases) {
      if (!held.has(owner)) continue;
      if (renewed?.has(owner)) lease.endsAt = asked + forMs;
      else if (renewed || performance.now() >= lease.endsAt) {
        forget(owner);
        lease.lost.abort(new Error(`the lease ${lease.name} was lost`));
      }
    }
  }

  /** Moves the ends of those that are still ours; answers their owners. */
  async function extend(leases: readonly (readonly [owner: string, lease: Held])[]): Promise<ReadonlySet<string>> {
    const owners = leases.map(([owner]) => owner);
    const marks = owners.map(() => '?').join(', ');
    const ours = `name IN (${marks}) AND owner IN (${marks})`;
    const bindings = [...leases.map(([, { name }]) => name), ...owners];
    const count = await changeRows(db, `UPDATE platform_leases SET expires_at = ${END} WHERE ${ours}`, [
      forMs * 1_000,
      ...bindings,
    ]);
    if (count === owners.length) return new Set(owners);
    const rows = await selectRows<{ owner: string }>(db, `SELECT owner FROM platform_leases WHERE ${ours}`, bindings);
    return new Set(rows.map(({ owner }) => owner));
  }

  function forget(owner: string): void {
    held.delete(owner);
    if (held.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }
}

/** Takes one lease, as `Leases` does. */
export const takeLease = (db: Database, name: string, options: { readonly forMs?: number } = {}) =>
  createLeases(db, options).take(name);
