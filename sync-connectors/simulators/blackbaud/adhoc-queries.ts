import type { Value } from '../frame/versioned-rows.ts';
import { type Answer, noPermission } from './api-routes.ts';
import type { BlackbaudData } from './blackbaud-data.ts';
import type { BlackbaudSettings } from './blackbaud-settings.ts';
import type { TicketingEntity } from './make-rows.ts';

type Parts = { readonly data: BlackbaudData; readonly settings: BlackbaudSettings };

/** Which saved query a name means: by a word in it, so that any name that a museum gives works. */
const WORDS: readonly (readonly [RegExp, TicketingEntity])[] = [
  [/parking|passes/i, 'parking-passes'],
  [/wrist/i, 'wristbands'],
  [/customer|constituent/i, 'customers'],
  [/event/i, 'ticketed-events'],
];

const QUERY_ID = /^(?:q0000000-0000-4000-8000-0000000000)(\d\d)$/;

const idOf = (entity: TicketingEntity) =>
  `q0000000-0000-4000-8000-0000000000${String(WORDS.findIndex(([, each]) => each === entity)).padStart(2, '0')}`;

const FIELDS: Readonly<Record<TicketingEntity, readonly string[]>> = {
  customers: [
    'customer_id',
    'first_name',
    'last_name',
    'email',
    'phone',
    'address_lines',
    'city',
    'state',
    'postal_code',
  ],
  'ticketed-events': ['ticketed_event_id', 'name', 'starts_at', 'ends_at', 'capacity'],
  wristbands: ['wristband_id', 'ticketed_event_id', 'issued_at'],
  'parking-passes': ['pass_id', 'ticketed_event_id', 'pass_type', 'cost', 'issued_at'],
};

/** A query gives text alone; what is not there is empty. */
const textOf = (value: Value | undefined) => (value === null || value === undefined ? '' : String(value));

/** `/alt-anamg/adhocqueries/id/{name}`, then `/alt-anamg/adhocqueries/{id}`. */
export function answerQuery(url: URL, { data, settings }: Parts): Answer | undefined {
  const [, byName, byId] = /^\/alt-anamg\/adhocqueries\/(?:id\/([^/]+)|([^/]+))$/.exec(url.pathname) ?? [];
  if (byName !== undefined) {
    const name = decodeURIComponent(byName);
    const entity = WORDS.find(([word]) => word.test(name))?.[1];
    return entity
      ? { status: 200, body: { id: idOf(entity) } }
      : { status: 404, body: { statusCode: 404, message: `No query is named ${name}.` } };
  }
  if (byId === undefined) return undefined;
  const entity = WORDS[Number(QUERY_ID.exec(byId)?.[1] ?? 99)]?.[1];
  if (!entity) return { status: 404, body: { statusCode: 404, message: `There is no query ${byId}.` } };
  if (settings.forbidden.includes(entity)) return noPermission();
  const fields = FIELDS[entity];
  const rows = data
    .list(entity, settings.lag_seconds * 1_000)
    .slice(0, settings.most_rows)
    .map(({ row }) => fields.map((field) => textOf(row[field])));
  const field_names = fields.map((field) => field.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase()));
  const body = { count: rows.length, fields, field_names, queryname: entity, recordtypeid: idOf(entity), rows };
  return { status: 200, body };
}
