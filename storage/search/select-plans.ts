import { sqlNow, textLiteral } from '@millrace/core/database/sql-literal';
import type { SearchQuery } from './search-query.ts';

const COLUMNS = 'listing_id, plan_id, title, starts_at, start_time, ends_at, end_time, min_price, max_price';

/**
 * The statement of one page of a search, with one plan more where there is one. The index is named, as the database would now and
 * then rather read and sort the whole table. A plan without a date has no place in a list by time.
 */
export function selectPlans({ startsAt, endsAt, provider, available, limit, after }: SearchQuery): string {
  const conditions = [
    ...(provider === undefined ? [] : [`provider = ${textLiteral(provider)}`]),
    available ? 'on_sale = 1' : 'was_online = 1',
    `starts_at ${startsAt === undefined ? 'IS NOT NULL' : `>= '${startsAt}'`}`,
    ...(endsAt === undefined ? [] : [`starts_at <= '${endsAt}'`, `COALESCE(ends_at, starts_at) <= '${endsAt}'`]),
    ...(available ? [`(ended_at IS NULL OR ended_at > '${sqlNow()}')`] : []),
    ...(after ? [afterSql(after)] : []),
  ];
  const index = `${provider === undefined ? 'by' : 'by_provider'}${available ? '_sale' : provider === undefined ? '_start' : ''}`;
  return (
    `SELECT ${COLUMNS} FROM storage_listing_search FORCE INDEX (${index}) WHERE ${conditions.join(' AND ')} ` +
    `ORDER BY starts_at, plan_id, listing_id LIMIT ${limit + 1}`
  );
}

/** The first half lets the index find the place, the second leaves out what shares its start and came before. */
function afterSql({ startsAt, planId, listingId }: NonNullable<SearchQuery['after']>): string {
  const plan = textLiteral(planId);
  const isPast = `plan_id > ${plan} OR (plan_id = ${plan} AND listing_id > ${textLiteral(listingId)})`;
  return `starts_at >= '${startsAt}' AND (starts_at > '${startsAt}' OR ${isPast})`;
}
