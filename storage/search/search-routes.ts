import { createHash } from 'node:crypto';
import { readOf } from '@millrace/core/access/access';
import { insufficientScope, ownerOnly } from '@millrace/core/access/caller';
import type { Database } from '@millrace/core/database/open-database';
import { queryOf } from '@millrace/core/http/parse-query';
import type { Request, Response, Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import type { StoredRow } from '../query/row-to-json.ts';
import { runQuery } from '../query/run-query.ts';
import { SEARCH_PATH } from './listings-stream.ts';
import type { SearchAnswer, SearchCache } from './search-cache.ts';
import { readSearchQuery, type SearchQuery } from './search-query.ts';
import { selectPlans } from './select-plans.ts';

type SearchOptions = {
  readonly db: Database;
  readonly stream: Stream;
  readonly cache: SearchCache;
  readonly timeoutMs: number;
};

/** Kept by the client alone, and asked about each time: a stored row is seen at once. */
const CACHE_CONTROL = 'private, max-age=0, must-revalidate';

/** `GET /v1/events/search`, whose answers and refusals have an envelope of their own. */
export function searchRoutes({ db, stream, cache, timeoutMs }: SearchOptions): Route[] {
  return [{ method: 'get', path: SEARCH_PATH, access: readOf(stream), handler: search }];

  async function search(req: Request, res: Response): Promise<void> {
    if (ownerOnly(res.locals.caller, stream) !== undefined)
      throw insufficientScope(`Searching needs the scope read or read:${stream.name}, not read:own.`, 'read');
    const params = queryOf(req.url);
    const query = queryOrRefuse(params, res);
    if (!query) return;
    const { body, etag, link } = await cache.answer(params.toString(), () => find(query, params));
    res.set({ 'cache-control': CACHE_CONTROL, etag, ...(link === undefined ? {} : { link }) });
    if (isKnown(req.headers['if-none-match'], etag)) res.status(304).end();
    else res.type('application/json').send(body);
  }

  async function find(query: SearchQuery, params: URLSearchParams): Promise<SearchAnswer> {
    const found = await runQuery(db, selectPlans(query), timeoutMs);
    const rows = found.slice(0, query.limit);
    const body = JSON.stringify({ data: { events: rows.map(eventOf) }, error: null });
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
    const last = rows.at(-1);
    if (!last || found.length <= query.limit) return { body, etag, link: undefined };
    const next = new URLSearchParams(params);
    const place = {
      startsAt: String(last.starts_at),
      planId: String(last.plan_id),
      listingId: String(last.listing_id),
    };
    next.set('cursor', query.cursorAt(place));
    return { body, etag, link: `<${SEARCH_PATH}?${next}>; rel="next"` };
  }
}

/** Undefined once what the parameters are refused for has been answered. */
function queryOrRefuse(params: URLSearchParams, res: Response): SearchQuery | undefined {
  try {
    return readSearchQuery(params);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 400) throw error;
    const faults = error.errors.map(({ pointer, message }) => `${pointer.slice('/query/'.length)} ${message}`);
    const message = faults.length > 0 ? faults.join('; ') : error.message;
    res
      .status(400)
      .set('cache-control', 'no-store')
      .json({ data: null, error: { code: error.code, message } });
    return undefined;
  }
}

function isKnown(header: string | undefined, etag: string): boolean {
  const given = (header ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''));
  return given.includes(etag) || given.includes('*');
}

const dateOf = (moment: unknown) => (typeof moment === 'string' ? moment.slice(0, 10) : null);
const priceOf = (price: unknown) => (price === null || price === undefined ? null : Number(price));

const eventOf = (row: StoredRow) => ({
  id: row.plan_id,
  title: row.title,
  start_date: dateOf(row.starts_at),
  start_time: row.start_time,
  end_date: dateOf(row.ends_at),
  end_time: row.end_time,
  min_price: priceOf(row.min_price),
  max_price: priceOf(row.max_price),
});
