import type { Entry } from '../frame/versioned-rows.ts';

type Query = URLSearchParams;

/** A list's answer, or why there is none. */
export type Listed =
  | { readonly ok: true; readonly count: number; readonly next: string | undefined; readonly entries: readonly Entry[] }
  | { readonly ok: false; readonly reason: string };

const DEFAULT_LIMIT = 500;
const MAX_LIMIT = 5_000;

const refused = (reason: string): Listed => ({ ok: false, reason });

function wholeNumber(query: Query, name: string, initial: number): number | undefined {
  const text = query.get(name);
  if (text === null) return initial;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function instant(query: Query, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return Number.NEGATIVE_INFINITY;
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? undefined : millis;
}

const tokenOf = ({ modifiedAt, id }: Entry) => Buffer.from(JSON.stringify([modifiedAt, id])).toString('base64url');

function readToken(token: string): readonly [number, string] | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed)) return undefined;
    const [modifiedAt, id]: readonly unknown[] = parsed;
    return typeof modifiedAt === 'number' && typeof id === 'string' ? [modifiedAt, id] : undefined;
  } catch {
    return undefined;
  }
}

/**
 * `{count, next_link, value}`: by `offset`, or, once `last_modified` is asked for, by a `sort_token`. Of the latter the last
 * page has a `next_link`, too: called again later, it gives what has changed since.
 */
export function pagedList(entries: readonly Entry[], url: URL): Listed {
  const query = url.searchParams;
  const limit = wholeNumber(query, 'limit', DEFAULT_LIMIT);
  const offset = wholeNumber(query, 'offset', 0);
  const since = instant(query, 'last_modified');
  const sortToken = query.get('sort_token');
  if (limit === undefined || limit < 1 || limit > MAX_LIMIT) return refused(`limit must be from 1 to ${MAX_LIMIT}.`);
  if (offset === undefined) return refused('offset must be a whole number.');
  if (since === undefined) return refused('last_modified must be a date.');
  if (query.has('sort') && sortToken !== null) return refused('sort cannot be used together with sort_token.');
  const matching = entries.filter(({ modifiedAt }) => modifiedAt >= since);
  const nextUrl = (changes: Readonly<Record<string, string>>) => {
    const next = new URL(url);
    for (const [name, value] of Object.entries(changes)) next.searchParams.set(name, value);
    return next.href;
  };
  if (sortToken === null && (!query.has('last_modified') || query.has('sort'))) {
    const page = matching.slice(offset, offset + limit);
    const isLast = offset + limit >= matching.length;
    const next = isLast ? undefined : nextUrl({ offset: String(offset + limit), limit: String(limit) });
    return { ok: true, count: matching.length, next, entries: page };
  }
  const after = sortToken === null ? undefined : readToken(sortToken);
  if (sortToken !== null && sortToken !== 'start' && after === undefined) return refused('sort_token is not valid.');
  const rest = after
    ? matching.filter(({ modifiedAt, id }) => modifiedAt > after[0] || (modifiedAt === after[0] && id > after[1]))
    : matching;
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const next = nextUrl({ sort_token: last ? tokenOf(last) : (sortToken ?? 'start'), limit: String(limit) });
  return { ok: true, count: matching.length, next, entries: page };
}
