import { createHash } from 'node:crypto';
import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import type { Call, Connector, ReadItem, ReadRequest, Scope } from '../frame/connector.ts';
import { VendorFault } from '../frame/vendor-fault.ts';
import type { EntityProfile } from './profiles/profile.ts';
import { daysIn, holdsInstant } from './read/day-range.ts';
import { itemsOf, type Mapping } from './read/items.ts';
import { readLimitedList } from './read/read-limited-list.ts';
import { readPages } from './read/read-pages.ts';
import { readQueryRows } from './read/read-query-rows.ts';
import { entityNames, entitySpecs, isEntityName } from './rows/entity-spec.ts';
import type { SourceRow } from './rows/map-row.ts';
import type { BlackbaudSettings } from './settings.ts';
import { openSky } from './sky.ts';
import { profileOf } from './source/sources.ts';
import { createTokenEndpoint } from './token/token-endpoint.ts';
import { createTokenRow } from './token/token-row.ts';
import { createTokens, type Tokens } from './token/tokens.ts';

export type BlackbaudParts = { readonly db: Database; readonly log: Log; readonly secretsKey: () => string };

const NIGHTLY = '0 15 3 * * *';

/** Blackbaud SKY as a connector; undefined where it is not configured. */
export function openBlackbaud(
  settings: BlackbaudSettings,
  { db, log, secretsKey }: BlackbaudParts,
): Connector | undefined {
  const { BLACKBAUD_CLIENT_ID: clientId, BLACKBAUD_SUBSCRIPTION_KEY: key } = settings;
  if (clientId === '' || key === '') return undefined;
  const tokens = createTokens({
    ...{ db, log, endpoint: createTokenEndpoint(settings), row: createTokenRow(clientId, secretsKey()) },
    ...{ firstToken: settings.BLACKBAUD_REFRESH_TOKEN, rotateAfterDays: settings.BLACKBAUD_ROTATE_AFTER_DAYS },
  });
  // What a read before a restart saw was seen under the same login: its number is read before the first run.
  void tokens.lastDay().catch(() => undefined);
  return createBlackbaud(settings, tokens);
}

/** The same over given tokens. */
export function createBlackbaud(settings: BlackbaudSettings, tokens: Tokens): Connector {
  const profile = profileOf(settings);
  const zone = settings.BLACKBAUD_TIMEZONE;
  const skyOf = (call: Call, signal: AbortSignal) => openSky({ settings, tokens, call, signal });

  return {
    name: 'blackbaud',
    entities: entityNames.map((name) => ({ name, stream: name, hasRanges: entitySpecs[name].dateField !== undefined })),
    budget: { perSecond: settings.BLACKBAUD_CALLS_PER_SECOND, perDay: settings.BLACKBAUD_CALLS_PER_DAY },
    schedule: NIGHTLY,

    fingerprint(entity) {
      const seen = [
        settings.BLACKBAUD_API_URL,
        settings.BLACKBAUD_CLIENT_ID,
        settings.BLACKBAUD_DATABASE,
        tokens.loginNumber(),
      ];
      const parts = JSON.stringify([...seen, settings.BLACKBAUD_SUBSCRIPTION_KEY, profileFor(entity.name).profile]);
      return createHash('sha256').update(parts).digest('hex');
    },

    async check(call, signal) {
      const sky = skyOf(call, signal);
      const reached: string[] = [];
      for (const name of entityNames) {
        const { source } = profile[name];
        const path = source.kind === 'list' ? source.path : queryIdPath(source.name);
        const found = await sky.get(path, source.kind === 'list' ? { limit: '1' } : {});
        if (found === undefined) return { ok: false, detail: `${name}: there is nothing at ${path}` };
        reached.push(name);
      }
      const lastDay = await tokens.lastDay();
      return {
        ok: true,
        detail: `reaches ${reached.join(', ')}${lastDay === undefined ? '' : `; the login holds until ${lastDay}`}`,
      };
    },

    discover: async () => [],

    async *read({ entity, scope, cursor, call, signal }: ReadRequest): AsyncGenerator<ReadItem> {
      const mapping = profileFor(entity.name);
      const { source, one } = mapping.profile;
      const sky = skyOf(call, signal);
      if (scope.kind === 'part') yield { kind: 'incomplete', scope, reason: 'Blackbaud has no parts' };
      else if (scope.kind === 'one') yield* readOne(sky, one, scope, mapping);
      else if (source.kind === 'query') yield* readQueryRows({ scope, sky, name: source.name, settings }, mapping);
      else if (source.paging === 'pages')
        yield* readPages({ scope, cursor, sky, source, pageSize: settings.BLACKBAUD_PAGE_SIZE }, mapping);
      else {
        const { path, parameters = {} } = source;
        yield* readLimitedList({ scope, sky, path, parameters, limit: settings.BLACKBAUD_LIST_LIMIT }, mapping);
      }
    },

    covers(entity, scope, row) {
      const field = profileFor(entity.name).spec.dateField;
      const at = field === undefined ? undefined : row[field];
      return scope.kind === 'range' && typeof at === 'string' && holdsInstant(scope, at, zone);
    },

    expectedCalls: (entity, scope, knownRows) =>
      expectedCalls(profileFor(entity.name).profile, scope, knownRows, settings),
    lastDay: () => tokens.lastDay(),
  };

  function profileFor(name: string): Mapping {
    if (!isEntityName(name)) throw new Error(`Blackbaud has no entity ${name}`);
    return { spec: entitySpecs[name], profile: profile[name], zone };
  }

  function queryIdPath(name: string): string {
    return settings.BLACKBAUD_QUERY_ID_PATH.replace('{name}', encodeURIComponent(name));
  }
}

async function* readOne(
  sky: ReturnType<typeof openSky>,
  path: string | undefined,
  scope: Extract<Scope, { kind: 'one' }>,
  mapping: Mapping,
): AsyncGenerator<ReadItem> {
  if (path === undefined) {
    yield { kind: 'incomplete', scope, reason: 'rows of it cannot be read one by one' };
    return;
  }
  const row = await sky.get(path.replace('{id}', encodeURIComponent(scope.id)));
  if (row !== undefined) {
    if (!isRow(row)) throw new VendorFault('config', `config_error: ${path} gives no object`);
    yield* itemsOf([row], scope.id, mapping);
  }
  yield { kind: 'complete', scope };
}

const isRow = (value: unknown): value is SourceRow =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How many calls a read takes at most, but for what is tried again. */
function expectedCalls(
  { source }: EntityProfile,
  scope: Scope,
  knownRows: number,
  settings: BlackbaudSettings,
): number {
  if (scope.kind === 'one') return 1;
  if (source.kind === 'query') return 2;
  if (source.paging === 'pages') return Math.ceil(knownRows / settings.BLACKBAUD_PAGE_SIZE) + 1;
  return scope.kind === 'range' ? Math.min(daysIn(scope), Math.ceil(knownRows / settings.BLACKBAUD_LIST_LIMIT)) + 1 : 1;
}
