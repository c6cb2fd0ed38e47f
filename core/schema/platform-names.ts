import { reservedRoutes } from './generated/reserved-routes.ts';
import { metadataNames } from './metadata-fields.ts';

/**
 * Every name that the platform itself puts where a stream's own names stand, so that nothing of a user's is silently
 * replaced. A schema that uses one is refused by every service. Names are compared without case, as databases compare them.
 */
export const platformNames = {
  /** Beside a record's fields: in a lookup's answer, as columns of MySQL's rows, of CSV and of Parquet. */
  fields: [
    'position',
    'position_index',
    'position_partition',
    'position_offset',
    'position_appended_at',
    'stored_at',
    'topic_partition',
    'record_offset',
  ],
  /** Query parameters of `GET <path>` and `GET /stats`, and columns of the latter's rows: no dimension or key can have them. */
  dimensions: [
    ...['start_timestamp', 'end_timestamp', 'limit', 'order', 'cursor', 'csv', 'filter'],
    ...['stream', 'measure', 'group_by', 'window', 'timezone', 'from', 'to', 'order_by', 'compare', 'max_lag'],
    ...['window_start', 'count', 'previous', 'change'],
  ],
  /** Beside the measures of a stream in `GET /stats`. */
  measures: ['count', 'first', 'last'],
  /** Beside the counts at the top of `GET /stats`. */
  counts: ['streams', 'as_of', 'last_updated', 'lag', 'lag_unknown'],
  /** Names of streams, and with a `/` before them routes; beside these, those of the services' declarations. */
  streams: [
    ...['stats', 'sync', 'export', 'token', 'dead-letters', 'healthz', 'readyz', 'metrics', 'openapi.json', 'docs'],
    ...['v1', 'streams', 'console', 'live', '.well-known', 'own'],
  ],
  /** Whole parts of the routes: nothing of a stream's lies below them. */
  routePrefixes: [
    '/stats/live',
    '/export/',
    '/dead-letters/',
    '/docs/',
    '/sync/',
    '/token/',
    '/.well-known/',
    '/healthz/',
    '/readyz/',
  ],
} as const;

/** Topics of the platform's own begin so. */
const TOPIC_PREFIX = 'millrace-';

/** Tables of the platform's own. */
const TABLES =
  /^(?:storage_|auth_|sync_|platform_|knex_|rules_(?:positions|known_accounts|runs|filled)$|delivery_(?:secrets|events|attempts)$|(?:dead_letters|redrives|checkpoints|deliveries)$)/;

/** Columns that InnoDB keeps for itself. */
const INNODB_COLUMNS = ['db_row_id', 'db_trx_id', 'db_roll_ptr', 'fts_doc_id'];

const holds = (names: readonly string[], name: string) => names.includes(name.toLowerCase());

/** Why no top-level field may have this name; undefined when it may. */
export function fieldNameFault(name: string): string | undefined {
  if (metadataNames.has(name.toLowerCase()))
    return 'Millrace adds a field of this name itself; give yours another name';
  if (holds(platformNames.fields, name))
    return 'answers and rows have a member of this name from Millrace; give yours another';
  return holds(INNODB_COLUMNS, name)
    ? 'the database keeps a column of this name for itself; give yours another'
    : undefined;
}

export const isDimensionTaken = (name: string): boolean => holds(platformNames.dimensions, name);
export const isMeasureTaken = (name: string): boolean => holds(platformNames.measures, name);
export const isCountTaken = (name: string): boolean => holds(platformNames.counts, name);
export const isStreamTaken = (name: string): boolean =>
  holds(platformNames.streams, name) ||
  reservedRoutes.some((route) => route.split('/')[1] === name) ||
  name.startsWith(TOPIC_PREFIX);
export const isTableTaken = (name: string): boolean => TABLES.test(name);

/** Whether a stream's route would be one of the platform's own, or lie below one. */
export const isRouteTaken = (path: string): boolean =>
  holds(platformNames.streams, path.slice(1)) ||
  reservedRoutes.some((route) => path === route || isBelow(path, route)) ||
  platformNames.routePrefixes.some((each) => `${path}/`.startsWith(each));

/** Of a route such as `/dead-letters/{id}`, all that begins with what stands before the parameter. */
const isBelow = (path: string, route: string): boolean =>
  route.includes('{') && `${path}/`.startsWith(route.slice(0, route.indexOf('{')));
