import type { Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { instantLiteral, textLiteral } from '@millrace/core/database/sql-literal';
import { turnTaker } from '@millrace/core/promise/turn-taker';
import { zonedInstant } from '@millrace/core/time/zoned-instant';
import type { Change } from '../write/prepare-changes.ts';
import { parseLocalTime } from './local-time.ts';
import { plansOf, type SearchedPlan, withVersion } from './plans-of.ts';

/** Searches are answered by the same event loop: no statement takes long to write down. */
const STATEMENT_ROWS = 500;
const COLUMNS =
  'listing_id, plan_id, provider, title, starts_at, start_time, ends_at, end_time, ended_at, min_price, max_price, was_online, on_sale, version';

const NEWER = 'VALUES(version) >= version';
/** A value that the newest version does not have stays as it was last known: `start_time` goes with `starts_at`, and so on. */
const ifKnown = (anchor: string, ...columns: string[]) =>
  columns.map((name) => `${name} = IF(${NEWER} AND VALUES(${anchor}) IS NOT NULL, VALUES(${name}), ${name})`);
/** Assignments run from left to right, so an anchor comes after what goes with it and the version last. */
const KEEP = [
  'was_online = was_online OR VALUES(was_online)',
  `on_sale = IF(${NEWER}, VALUES(on_sale), on_sale)`,
  ...ifKnown('title', 'title'),
  ...ifKnown('starts_at', 'start_time', 'starts_at'),
  ...ifKnown('ends_at', 'end_time', 'ended_at', 'ends_at'),
  ...ifKnown('min_price', 'max_price', 'min_price'),
  `version = IF(${NEWER}, VALUES(version), version)`,
].join(', ');

/**
 * Keeps the search in step with the listings, in the transaction that stores them and after them. Every version counts, also one that
 * another of the same batch replaces: it may be the one that was online. Repeats and versions that come late change nothing wrongly.
 * @param listings the table of the listings, for SQL
 */
export async function keepPlans(trx: Transaction, listings: string, changes: readonly Change[]): Promise<void> {
  const removed = new Set<string>();
  const touched = new Set<string>();
  const plans = new Map<string, SearchedPlan>();
  const turn = turnTaker();
  for (const change of changes) {
    if (turn.isDue()) await turn.yield();
    if (change.kind === 'removal') {
      removed.add(change.key);
      for (const [key, plan] of plans) if (textLiteral(plan.listingId) === change.key) plans.delete(key);
      continue;
    }
    touched.add(change.key);
    for (const plan of plansOf(change.value)) {
      const key = JSON.stringify([plan.listingId, plan.planId]);
      plans.set(key, withVersion(plans.get(key), plan));
    }
  }
  for (const keys of chunks([...removed]))
    await changeRows(trx, `DELETE FROM storage_listing_search WHERE listing_id IN (${keys.join(',')})`);
  for (const some of chunks([...plans.values()]))
    await changeRows(
      trx,
      `INSERT INTO storage_listing_search (${COLUMNS}) VALUES ${some.map(tupleOf).join(',')} ON DUPLICATE KEY UPDATE ${KEEP}`,
    );
  for (const keys of chunks([...touched])) await endSales(trx, listings, keys);
}

type Ended = { readonly listing_id: string; readonly plan_id: string };

/**
 * A plan that the newest version of its listing is without is no longer on sale. Such plans are looked up without locks, from the listings
 * on, and changed by their keys: an UPDATE that scans would wait for the transactions of other partitions.
 */
async function endSales(trx: Transaction, listings: string, keys: readonly string[]): Promise<void> {
  const ended = await selectRows<Ended>(
    trx,
    `SELECT plan.listing_id, plan.plan_id FROM ${listings} AS listing
     STRAIGHT_JOIN storage_listing_search AS plan FORCE INDEX (PRIMARY) ON plan.listing_id = listing.listing_id
     WHERE listing.listing_id IN (${keys.join(',')}) AND plan.on_sale = 1 AND plan.version < listing.ingested_at`,
  );
  for (const some of chunks(ended)) {
    const tuples = some.map(
      ({ listing_id, plan_id }) => `(${textLiteral(listing_id)},${textLiteral(plan_id)},'',0,0,'1000-01-01')`,
    );
    await changeRows(
      trx,
      `INSERT INTO storage_listing_search (listing_id, plan_id, provider, was_online, on_sale, version) VALUES ${tuples.join(',')}
       ON DUPLICATE KEY UPDATE on_sale = 0`,
    );
  }
}

function tupleOf(plan: SearchedPlan): string {
  const end = localOf(plan.endDate, plan.endTime ?? '23:59:59');
  const values = [
    ...[
      plan.listingId,
      plan.planId,
      plan.provider,
      plan.title,
      localOf(plan.startDate, plan.startTime),
      plan.startTime,
    ],
    ...[end, plan.endTime],
  ].map((text) => (text === null ? 'NULL' : textLiteral(text)));
  const ended = end === null ? 'NULL' : instantLiteral(zonedInstant(end, plan.timeZone));
  const numbers = [plan.minPrice ?? 'NULL', plan.maxPrice ?? 'NULL', Number(plan.wasOnline), Number(plan.onSale)];
  return `(${[...values, ended, ...numbers, instantLiteral(plan.version)].join(',')})`;
}

/** Null for what is no date and time, so that MySQL never refuses one. */
const localOf = (date: string | null, time: string | null) =>
  date === null ? null : (parseLocalTime(`${date}T${time ?? '00:00:00'}`) ?? null);

function chunks<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / STATEMENT_ROWS);
  return Array.from({ length: count }, (_, n) => items.slice(n * STATEMENT_ROWS, (n + 1) * STATEMENT_ROWS));
}
