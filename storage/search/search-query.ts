import { limit } from '@millrace/core/http/parameters';
import { invalidQuery, parseQuery } from '@millrace/core/http/parse-query';
import { z } from 'zod';
import { type Cursor, createCursor } from '../query/cursor.ts';
import { listName } from '../query/cursor-parameter.ts';
import { parseLocalTime } from './local-time.ts';

/** Where a page ends: the last plan's start and ids. */
export type Place = { readonly startsAt: string; readonly planId: string; readonly listingId: string };

export type SearchQuery = {
  /** As MySQL writes a moment on the providers' clocks. */
  readonly startsAt: string | undefined;
  readonly endsAt: string | undefined;
  readonly provider: string | undefined;
  readonly available: boolean;
  readonly limit: number;
  readonly after: Place | undefined;
  readonly cursorAt: (place: Place) => string;
};

const moment = z.string().transform((text, context): string => {
  const local = parseLocalTime(text);
  if (local !== undefined) return local;
  context.addIssue('must be a time such as 2026-06-30T21:00:00Z or a date');
  return z.NEVER;
});

const parameters = z.object({
  starts_at: moment.optional(),
  ends_at: moment.optional(),
  provider: z.string().min(1, { error: 'must not be empty' }).optional(),
  available: z.enum(['true', 'false'], { error: 'must be true or false' }).default('false'),
  limit,
  /** Of no cursor. The other schema is made for its list, which takes longer than the search. */
  cursor: z.undefined().optional(),
});

/** What a cursor is ordered by: the start, then both ids as one text. */
const TYPES = { time: { name: 'datetime', digits: 3 }, key: { name: 'varchar', size: 500 } } as const;
const ids = z.tuple([z.string(), z.string()]);

/** Reads the parameters of a search. Throws `invalid-parameter` with every fault at once. */
export function readSearchQuery(params: URLSearchParams): SearchQuery {
  const list = createCursor(listName('search', params), TYPES);
  const parsed = params.has('cursor')
    ? parseQuery(parameters.extend({ cursor: placeIn(list) }), params)
    : parseQuery(parameters, params);
  const { starts_at: startsAt, ends_at: endsAt, available, cursor: after, ...rest } = parsed;
  if (startsAt !== undefined && endsAt !== undefined && startsAt > endsAt)
    throw invalidQuery([{ pointer: '/query/ends_at', message: 'must not be before starts_at' }]);
  return {
    ...{ startsAt, endsAt, provider: rest.provider, available: available === 'true', limit: rest.limit, after },
    cursorAt: ({ startsAt: at, planId, listingId }) =>
      list.write({ time: `${at}.000`, key: JSON.stringify([planId, listingId]) }),
  };
}

const placeIn = (list: Cursor) =>
  z.string().transform((text, context): Place => {
    const position = list.read(text);
    const both = position && ids.safeParse(jsonOf(String(position.key)));
    if (position && both?.success) {
      const [planId, listingId] = both.data;
      return { startsAt: position.time.slice(0, 19), planId, listingId };
    }
    context.addIssue('is not a cursor of this list');
    return z.NEVER;
  });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
