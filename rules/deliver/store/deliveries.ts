import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { sqlNow } from '@millrace/core/database/sql-literal';
import type { Delivery } from '../delivery/delivery.ts';
import { keptError } from './attempts.ts';

type Row = {
  readonly delivery_id: string;
  readonly name: string;
  readonly stream: string;
  readonly url: string;
  readonly filter: string | null;
  readonly paused_at: string | null;
  readonly paused_because: string | null;
  readonly is_gone: number;
  readonly not_before: string | null;
  readonly revision: number | string;
  readonly filter_errors: number | string;
  readonly last_filter_error: string | null;
  readonly missed: number | string;
  readonly created_at: string;
  readonly updated_at: string;
};

type Runner = Database | Transaction;

/** `2026-03-14 07:32:10.000`, as the database writes it, in milliseconds since the epoch. */
export const millisOf = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);

export async function listDeliveries(db: Runner): Promise<Delivery[]> {
  const rows = await selectRows<Row>(db, 'SELECT * FROM deliveries ORDER BY delivery_id');
  return rows.map(deliveryOf);
}

export async function findDelivery(
  db: Runner,
  id: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<Delivery | undefined> {
  const [row] = await selectRows<Row>(db, `SELECT * FROM deliveries WHERE delivery_id = ? ${lock}`, [id]);
  return row && deliveryOf(row);
}

/** Holds a delivery against its end until the transaction ends; false where it was deleted. */
export async function holdDelivery(trx: Transaction, id: string): Promise<boolean> {
  const rows = await selectRows(trx, 'SELECT revision FROM deliveries WHERE delivery_id = ? LOCK IN SHARE MODE', [id]);
  return rows.length > 0;
}

/** How many there are. Holds them until the transaction ends, so that another one is made either before this or after it. */
export const countToAdd = async (trx: Transaction): Promise<number> =>
  (await selectRows(trx, 'SELECT delivery_id FROM deliveries FOR UPDATE')).length;

type Kept = Pick<Delivery, 'deliveryId' | 'name' | 'stream' | 'url' | 'filter'>;

export async function insertDelivery(trx: Transaction, { deliveryId, name, stream, url, filter }: Kept): Promise<void> {
  const now = sqlNow();
  await trx.raw(
    'INSERT INTO deliveries (delivery_id, name, stream, url, filter, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    [deliveryId, name, stream, url, filter, now, now],
  );
}

export const replaceDelivery = (trx: Transaction, { deliveryId, name, url, filter }: Kept): Promise<number> =>
  changeRows(
    trx,
    `UPDATE deliveries SET not_before = IF(url = ?, not_before, NULL), name = ?, url = ?, filter = ?, revision = revision + 1,
            updated_at = ? WHERE delivery_id = ?`,
    [url, name, url, filter, sqlNow(), deliveryId],
  );

/** Ends the sending until it is resumed. One that is paused stays as it is, but becomes gone. */
export const pauseDelivery = (db: Runner, id: string, because: string, isGone: boolean): Promise<number> =>
  changeRows(
    db,
    `UPDATE deliveries SET paused_because = IF(paused_at IS NULL OR ? > is_gone, ?, paused_because),
            paused_at = COALESCE(paused_at, ?), is_gone = GREATEST(is_gone, ?), revision = revision + 1
      WHERE delivery_id = ?`,
    [Number(isGone), because, sqlNow(), Number(isGone), id],
  );

export const resumeDelivery = (db: Runner, id: string): Promise<number> =>
  changeRows(
    db,
    `UPDATE deliveries SET paused_at = NULL, paused_because = NULL, is_gone = 0, not_before = NULL, revision = revision + 1
      WHERE delivery_id = ?`,
    [id],
  );

/** Has every replica look at it again. */
export const touchDelivery = (db: Runner, id: string): Promise<number> =>
  changeRows(db, 'UPDATE deliveries SET revision = revision + 1 WHERE delivery_id = ?', [id]);

export const leaveAloneUntil = (db: Runner, id: string, at: string): Promise<number> =>
  changeRows(db, 'UPDATE deliveries SET not_before = ?, revision = revision + 1 WHERE delivery_id = ?', [at, id]);

export const countFilterErrors = (db: Runner, id: string, count: number, last: string): Promise<number> =>
  changeRows(
    db,
    'UPDATE deliveries SET filter_errors = filter_errors + ?, last_filter_error = ? WHERE delivery_id = ?',
    [count, keptError(last), id],
  );

export const countMissed = (db: Runner, id: string, count: number): Promise<number> =>
  changeRows(db, 'UPDATE deliveries SET missed = missed + ? WHERE delivery_id = ?', [count, id]);

function deliveryOf(row: Row): Delivery {
  return {
    ...{ deliveryId: row.delivery_id, name: row.name, stream: row.stream, url: row.url, filter: row.filter },
    paused:
      row.paused_at === null
        ? undefined
        : { at: row.paused_at, because: row.paused_because ?? '', isGone: row.is_gone === 1 },
    notBefore: row.not_before === null ? 0 : millisOf(row.not_before),
    revision: Number(row.revision),
    filterErrors: Number(row.filter_errors),
    lastFilterError: row.last_filter_error,
    missed: Number(row.missed),
    ...{ createdAt: row.created_at, updatedAt: row.updated_at },
  };
}
