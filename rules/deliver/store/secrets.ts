import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { instantLiteral, sqlNow } from '@millrace/core/database/sql-literal';
import type { Seal } from '@millrace/core/seal/seal';
import { millisOf } from './deliveries.ts';

type Runner = Database | Transaction;

/** As many as sign at the same time; of more rotations within one overlap the oldest ends early. */
const MOST = 3;

/** A secret, and until when it signs, in milliseconds since the epoch. */
export type Signing = { readonly secret: string; readonly endsAt: number };

/** The secrets that sign now. */
export const signNow = (signing: readonly Signing[]): string[] =>
  signing.filter(({ endsAt }) => endsAt > Date.now()).map(({ secret }) => secret);

/** The secrets of deliveries, sealed in the database. */
export type Secrets = {
  add(trx: Transaction, deliveryId: string, secret: string): Promise<void>;
  /** Puts a secret in the place of those before it, which go on beside it for the overlap. */
  rotate(trx: Transaction, deliveryId: string, secret: string): Promise<void>;
  /** What signs, the newest first. Throws where one was sealed with another `SECRETS_KEY`. */
  current(db: Runner, deliveryId: string): Promise<Signing[]>;
  /** When each of those that sign began, and when it ends. */
  dates(db: Runner, deliveryId: string): Promise<{ readonly created_at: string; readonly ends_at: string | null }[]>;
};

export function createSecrets(seal: Seal, overlapMs: number): Secrets {
  return {
    add,
    async rotate(trx, deliveryId, secret) {
      const endsAt = instantLiteral(Date.now() + overlapMs).slice(1, -1);
      await changeRows(trx, 'UPDATE delivery_secrets SET ends_at = ? WHERE delivery_id = ? AND ends_at IS NULL', [
        endsAt,
        deliveryId,
      ]);
      await add(trx, deliveryId, secret);
    },
    async current(db, deliveryId) {
      const rows = await inUse<{ sealed: Buffer; ends_at: string | null }>(db, 'sealed, ends_at', deliveryId);
      return rows.map(({ sealed, ends_at: endsAt }) => {
        const secret = seal.open(sealed, deliveryId);
        if (secret === undefined) throw new Error('its secret was sealed with another SECRETS_KEY: give it a new one');
        return { secret, endsAt: endsAt === null ? Number.POSITIVE_INFINITY : millisOf(endsAt) };
      });
    },
    dates: (db, deliveryId) => inUse(db, 'created_at, ends_at', deliveryId),
  };

  async function add(trx: Transaction, deliveryId: string, secret: string): Promise<void> {
    await trx.raw('INSERT INTO delivery_secrets (delivery_id, sealed, created_at) VALUES (?, ?, ?)', [
      deliveryId,
      seal.seal(secret, deliveryId),
      sqlNow(),
    ]);
  }
}

const inUse = <Row extends object>(db: Runner, columns: string, deliveryId: string): Promise<Row[]> =>
  selectRows<Row>(
    db,
    `SELECT ${columns} FROM delivery_secrets WHERE delivery_id = ? AND (ends_at IS NULL OR ends_at > ?)
      ORDER BY secret_row DESC LIMIT ${MOST}`,
    [deliveryId, sqlNow()],
  );
