import type { Entry } from '../frame/versioned-rows.ts';
import type { BlackbaudData } from './blackbaud-data.ts';
import type { BlackbaudSettings } from './blackbaud-settings.ts';
import type { TicketingEntity } from './make-rows.ts';
import { pagedList } from './paged-list.ts';
import { altruConstituent, altruEvent, altruRegistrant, renxtConstituent, seedRow } from './row-shapes.ts';

export type Answer = { readonly status: number; readonly body: unknown };
type Shape = (entry: Entry) => unknown;
type Parts = { readonly data: BlackbaudData; readonly settings: BlackbaudSettings };

/** A route of the vendor's: which entity it gives, and how. */
type Route = {
  readonly path: RegExp;
  readonly entity: TicketingEntity;
  readonly answer: (url: URL, id: string, parts: Parts) => Answer;
};

const ok = (body: unknown): Answer => ({ status: 200, body });
const refused = (status: number, message: string): Answer => ({ status, body: { statusCode: status, message } });
const notFound = (id: string) => refused(404, `The requested resource ${id} was not found.`);

const one =
  (entity: TicketingEntity, shape: Shape): Route['answer'] =>
  (_url, id, { data }) => {
    const entry = data.get(entity, id);
    return entry ? ok(shape(entry)) : notFound(id);
  };

/** The inactive and the dead are left out of the vendor's list of constituents, unless they are asked for. */
function asked(entity: TicketingEntity, url: URL, entries: readonly Entry[]): readonly Entry[] {
  if (entity !== 'customers') return inRange(url, entries);
  const includes = (name: string) => url.searchParams.get(name)?.toLowerCase() === 'true';
  return entries.filter(
    ({ row }) =>
      (row.inactive !== true || includes('include_inactive')) &&
      (row.deceased !== true || includes('include_deceased')),
  );
}

/** By `start_date` and `end_date`, both inclusive, of when it starts or was issued. */
function inRange({ searchParams }: URL, entries: readonly Entry[]): readonly Entry[] {
  const from = searchParams.get('start_date') ?? '';
  const to = searchParams.get('end_date') ?? '~';
  const dayOf = ({ row }: Entry) => String(row.starts_at ?? row.issued_at ?? '').slice(0, 10);
  return from === '' && to === '~'
    ? entries
    : entries.filter((entry) => dayOf(entry) >= from.slice(0, 10) && dayOf(entry) <= to.slice(0, 10));
}

const lagOf = ({ settings }: Parts) => settings.lag_seconds * 1_000;

/** `{count, next_link, value}`. */
const paged =
  (entity: TicketingEntity, shape: Shape): Route['answer'] =>
  (url, _id, parts) => {
    const listed = pagedList(asked(entity, url, parts.data.list(entity, lagOf(parts))), url);
    if (!listed.ok) return refused(400, listed.reason);
    const next = listed.next === undefined ? {} : { next_link: listed.next };
    return ok({ count: listed.count, ...next, value: listed.entries.map(shape) });
  };

/** `{count, value}` where `count` is only that of the rows given, and nothing says whether there are more. */
const limited =
  (entity: TicketingEntity, shape: Shape, keep: (entry: Entry, id: string) => boolean = () => true): Route['answer'] =>
  (url, id, parts) => {
    const limit = Number(url.searchParams.get('limit') ?? 500);
    if (!Number.isInteger(limit) || limit < 1) return refused(400, 'limit must be a whole number of at least 1.');
    const entries = inRange(url, parts.data.list(entity, lagOf(parts)));
    const given = entries.filter((entry) => keep(entry, id)).slice(0, Math.min(limit, parts.settings.most_rows));
    return ok({ count: given.length, value: given.map(shape) });
  };

export const apiRoutes: readonly Route[] = [
  { path: /^\/alt-conmg\/constituents\/search$/, entity: 'customers', answer: limited('customers', altruConstituent) },
  { path: /^\/alt-conmg\/constituents\/([^/]+)$/, entity: 'customers', answer: one('customers', altruConstituent) },
  { path: /^\/alt-evtmg\/events\/search$/, entity: 'ticketed-events', answer: limited('ticketed-events', altruEvent) },
  {
    path: /^\/alt-evtmg\/events\/([^/]+)\/registrants$/,
    entity: 'wristbands',
    answer: limited('wristbands', altruRegistrant, ({ row }, id) => row.ticketed_event_id === id),
  },
  { path: /^\/alt-evtmg\/events\/([^/]+)$/, entity: 'ticketed-events', answer: one('ticketed-events', altruEvent) },
  { path: /^\/constituent\/v1\/constituents$/, entity: 'customers', answer: paged('customers', renxtConstituent) },
  {
    path: /^\/constituent\/v1\/constituents\/([^/]+)$/,
    entity: 'customers',
    answer: one('customers', renxtConstituent),
  },
  { path: /^\/event\/v1\/eventlist$/, entity: 'ticketed-events', answer: paged('ticketed-events', altruEvent) },
  { path: /^\/event\/v1\/events\/([^/]+)$/, entity: 'ticketed-events', answer: one('ticketed-events', altruEvent) },
  { path: /^\/altru\/v1\/constituents$/, entity: 'customers', answer: paged('customers', seedRow) },
  { path: /^\/altru\/v1\/constituents\/([^/]+)$/, entity: 'customers', answer: one('customers', seedRow) },
  { path: /^\/altru\/v1\/events$/, entity: 'ticketed-events', answer: paged('ticketed-events', seedRow) },
  { path: /^\/altru\/v1\/registrants\/tickets$/, entity: 'wristbands', answer: paged('wristbands', seedRow) },
  { path: /^\/altru\/v1\/parkingpasses$/, entity: 'parking-passes', answer: paged('parking-passes', seedRow) },
];

/** The answer to a call of the API, or undefined for a path that it does not have. */
export function answerApi(url: URL, parts: Parts): Answer | undefined {
  for (const { path, entity, answer } of apiRoutes) {
    const match = path.exec(url.pathname);
    if (!match) continue;
    if (parts.settings.forbidden.includes(entity)) return noPermission();
    return answer(url, decodeURIComponent(match[1] ?? ''), parts);
  }
  return undefined;
}

/** 403 of a user who may not see it: the vendor's own error, not its gateway's. */
export const noPermission = (): Answer => ({
  status: 403,
  body: [
    {
      message: 'You do not have permission to perform this operation.',
      error_name: 'AccessDenied',
      error_code: 403,
      raw_message: 'You do not have permission to perform this operation.',
      error_args: [],
    },
  ],
});
