import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { linkSignals } from '@millrace/core/promise/link-signals';
import type { Connector, Entity, Json, ReadItem, ReadRequest, Scope } from '../frame/connector.ts';
import { FEED_LIMITS, type FeedLimits } from './feed-limits.ts';
import { parseCursor } from './listings-cursor.ts';
import { type ListingProvider, type ListingsSettings, providersOf } from './listings-settings.ts';
import { mergeReads } from './merge-reads.ts';
import { addressOf, readProvider } from './read-provider.ts';
import { staleReasonOf } from './stale-reason.ts';

const MEGABYTE = 1_000_000;
/** Progress is told at most so often. */
const PROGRESS_MS = 500;

/** A feed has everything, however much of it is new: each read gives a scope whole, or says that it is unchanged. */
const entity: Entity = {
  name: 'plans',
  stream: 'listings',
  hasRanges: false,
  readsWhole: true,
};

type Options = {
  readonly providers: readonly ListingProvider[];
  readonly limits: FeedLimits;
  readonly clock?: () => number;
};

type ListingsConnector = Connector & {
  covers(entity: Entity, scope: Scope, row: { readonly [name: string]: Json }): boolean;
  expectedCalls(): number;
};

/** The connector by its settings; undefined where no provider is named. */
export function openListings(settings: ListingsSettings): ListingsConnector | undefined {
  const providers = providersOf(settings);
  const limits = {
    ...FEED_LIMITS,
    bytes: settings.LISTING_MAX_MEGABYTES * MEGABYTE,
    stallMs: settings.LISTING_STALL_SECONDS * 1_000,
    totalMs: settings.LISTING_MAX_MINUTES * 60_000,
  };
  return providers.length > 0 ? listingsConnector({ providers, limits }) : undefined;
}

/** Providers of XML listings, each a scope for itself and read beside the others. See docs/listings.md. */
export function listingsConnector({ providers, limits, clock = Date.now }: Options): ListingsConnector {
  const scopeOf = ({ name }: ListingProvider): Scope => ({ kind: 'part', part: name });

  async function* read({ scope, cursor, call, signal: asked }: ReadRequest): AsyncGenerator<ReadItem> {
    const chosen = scope.kind === 'part' ? providers.filter(({ name }) => name === scope.part) : providers;
    if (scope.kind === 'range' || scope.kind === 'one' || chosen.length === 0)
      return yield {
        kind: 'incomplete',
        scope,
        reason: 'listings are read whole, or by a provider that is configured',
      };
    const ended = new AbortController();
    const { signal, unlink } = linkSignals([asked, ended.signal]);
    setMaxListeners(0, signal); // One for each provider.
    const before = parseCursor(cursor);
    const given = new Set<ListingProvider>();
    const bytes = chosen.map(() => 0);
    let toldAt = Number.NEGATIVE_INFINITY;
    const reads = chosen.map((provider) =>
      readProvider({ provider, validators: before.get(provider.name), call, limits, signal }),
    );
    try {
      for await (const { source, item } of mergeReads(reads)) {
        const provider = chosen[source];
        if (!provider) continue;
        if (item.kind === 'bytes') {
          given.add(provider);
          bytes[source] = item.bytes;
          if (performance.now() - toldAt < PROGRESS_MS) continue;
          toldAt = performance.now();
          yield progressOf(bytes);
        } else if (item.kind === 'broken') {
          // Of a feed that broke off there may be rows that its validators know nothing of.
          const kept = given.has(provider) ? undefined : before.get(provider.name);
          yield { kind: 'incomplete', scope: scopeOf(provider), reason: item.reason, cursor: kept };
        } else if (item.kind === 'whole') {
          const seen = item.isUnchanged ? 'unchanged' : 'all';
          yield { kind: 'complete', scope: scopeOf(provider), seen, records: item.records, cursor: item.validators };
        } else yield item.kind === 'rejected' ? { ...item, part: provider.name } : item;
      }
      yield progressOf(bytes);
    } finally {
      ended.abort();
      unlink();
    }
  }

  return {
    name: 'listings',
    entities: [entity],
    budget: { perSecond: Number.POSITIVE_INFINITY, perDay: Number.POSITIVE_INFINITY },
    schedule: '*/15 * * * *',
    fingerprint: () =>
      createHash('sha256')
        .update(JSON.stringify(providers.map(identityOf)))
        .digest('base64url'),
    async check(call, signal) {
      const found = await Promise.all(
        providers.map(async ({ name, url }) => {
          const response = await call(url, { headers: { range: 'bytes=0-0' }, signal }).catch(() => undefined);
          await response?.body?.cancel();
          const isOk = response?.status === 200 || response?.status === 206;
          return { isOk, text: `${name}: ${response ? `answered ${response.status}` : 'did not answer'}` };
        }),
      );
      return { ok: found.every(({ isOk }) => isOk), detail: found.map(({ text }) => text).join('; ') };
    },
    discover: async () => [],
    read,
    covers: (_entity, scope, row) => scope.kind === 'all' || (scope.kind === 'part' && row.provider === scope.part),
    expectedCalls: () => providers.length,
    staleReason: (_entity, row) => staleReasonOf(row, clock()),
  };
}

const identityOf = ({ name, url, timeZone }: ListingProvider) => [name, addressOf(url), timeZone];

const progressOf = (bytes: readonly number[]): ReadItem => ({
  kind: 'progress',
  done: bytes.reduce((sum, each) => sum + each, 0),
  total: undefined,
});
