import type { ReadItem, Scope } from '../../frame/connector.ts';
import type { Sky } from '../sky.ts';
import { readPage } from '../source/read-list.ts';
import { type DayRange, daysIn, halvesOf, rangeParameters } from './day-range.ts';
import { itemsOf, type Mapping } from './items.ts';

type Request = {
  readonly scope: Scope;
  readonly sky: Sky;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly limit: number;
};

/**
 * Reads a list that knows no pages. As many rows as were asked for mean that there may be more: a range of dates is then read in halves,
 * down to a day; without a range the read is incomplete, and says what to do.
 */
export async function* readLimitedList(
  { scope, sky, path, parameters, limit }: Request,
  mapping: Mapping,
): AsyncGenerator<ReadItem> {
  const capped: string[] = [];
  let seen = 0;
  if (scope.kind === 'range') yield* readRange(scope);
  else if ((yield* readOnce({}, 'list')) === 'capped') capped.push('the list');
  yield { kind: 'progress', done: seen, total: seen };
  if (capped.length === 0) yield { kind: 'complete', scope };
  else yield { kind: 'incomplete', scope, reason: reasonOf(capped) };

  async function* readRange(range: DayRange): AsyncGenerator<ReadItem> {
    const place = `${range.from} to ${range.to}`;
    if ((yield* readOnce(rangeParameters(range), place)) === 'whole') return;
    if (daysIn(range) <= 1) capped.push(range.from);
    else for (const half of halvesOf(range)) yield* readRange(half);
  }

  async function* readOnce(
    range: Readonly<Record<string, string>>,
    place: string,
  ): AsyncGenerator<ReadItem, 'whole' | 'capped'> {
    const { rows, count, next } = await readPage(sky, path, { ...parameters, ...range, limit: String(limit) });
    yield* itemsOf(rows, place, mapping);
    seen += rows.length;
    const hasMore = next !== undefined || (count !== undefined && count > rows.length);
    return rows.length >= limit || hasMore || isRoundCap(rows.length) ? 'capped' : 'whole';
  }

  function reasonOf(places: readonly string[]): string {
    return (
      `${places.slice(0, 3).join(', ')}${places.length > 3 ? ' and more' : ''} gave as many rows as a list gives at most, so there may be ` +
      'more: narrow by date (POST /sync/events with start_date and end_date), raise BLACKBAUD_LIST_LIMIT, or name an ad-hoc query'
    );
  }
}

/** A vendor may cut at a limit of its own and say nothing: thousands of rows to the row are taken for such a cut. */
export const isRoundCap = (rows: number): boolean => rows > 0 && rows % 1_000 === 0;
