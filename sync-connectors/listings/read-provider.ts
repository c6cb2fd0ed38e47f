import { createHash } from 'node:crypto';
import { turnTaker } from '@millrace/core/promise/turn-taker';
import type { Call, ReadItem } from '../frame/connector.ts';
import { FeedFault } from './feed-fault.ts';
import type { FeedLimits } from './feed-limits.ts';
import { createIdSet } from './id-set.ts';
import type { ListingProvider } from './listings-settings.ts';
import { type Found, readBasePlans } from './read-base-plans.ts';
import { toListing } from './to-listing.ts';

/** What a provider said of its feed when it was last read whole. */
export type Validators = { readonly url: string; readonly etag: string | null; readonly last_modified: string | null };

export type ProviderItem =
  | Extract<ReadItem, { kind: 'record' | 'rejected' }>
  | { readonly kind: 'bytes'; readonly bytes: number }
  /** It ended: unchanged, or with what to ask with next time. */
  | {
      readonly kind: 'whole';
      readonly isUnchanged: boolean;
      readonly records: number;
      readonly validators: Validators | undefined;
    }
  | { readonly kind: 'broken'; readonly reason: string };

type ProviderRequest = {
  readonly provider: ListingProvider;
  readonly validators: Validators | undefined;
  readonly call: Call;
  readonly limits: FeedLimits;
  readonly signal: AbortSignal;
};

/** Raised whenever the rules of `toListing` change, so that an unchanged feed is read again by the new ones. */
const RULES = 1;

/** Stands for an address in the cursor, which is shown to people: an address may hold a key. */
export const addressOf = (url: string): string =>
  createHash('sha256').update(`${RULES} ${url}`).digest('base64url').slice(0, 16);

/**
 * One provider's feed as items, and how it ended as the last one. Whatever is wrong with the feed or its provider is
 * `broken`: others are not disturbed.
 */
export async function* readProvider(request: ProviderRequest): AsyncGenerator<ProviderItem> {
  const { provider, call, limits, signal } = request;
  const validators = request.validators?.url === addressOf(provider.url) ? request.validators : undefined;
  try {
    const response = await call(provider.url, { headers: headersFor(validators), signal });
    if (response.status === 304 && validators) {
      await response.body?.cancel();
      return yield { kind: 'whole', isUnchanged: true, records: 0, validators };
    }
    if (response.status !== 200 || !response.body) {
      await response.body?.cancel();
      throw new FeedFault(`it answered ${response.status}`);
    }
    const contentType = response.headers.get('content-type');
    const feed = readBasePlans({ body: response.body, contentType, limits, signal });
    const records = yield* readItems(feed, provider);
    const etag = response.headers.get('etag');
    const last_modified = response.headers.get('last-modified');
    const canAsk = etag !== null || last_modified !== null;
    const next = canAsk ? { url: addressOf(provider.url), etag, last_modified } : undefined;
    yield { kind: 'whole', isUnchanged: false, records, validators: next };
  } catch (error) {
    signal.throwIfAborted();
    const isKnown = error instanceof FeedFault || (error instanceof Error && error.name === 'VendorFault');
    if (!isKnown && !(error instanceof TypeError)) throw error;
    yield { kind: 'broken', reason: `${provider.name}: ${error.message}` };
  }
}

function headersFor(validators: Validators | undefined): Record<string, string> {
  const accept = { accept: 'application/xml, text/xml;q=0.9, */*;q=0.1' };
  return {
    ...accept,
    ...(validators?.etag ? { 'if-none-match': validators.etag } : {}),
    ...(validators?.last_modified ? { 'if-modified-since': validators.last_modified } : {}),
  };
}

/** Returns how many records there were. */
async function* readItems(feed: AsyncIterable<Found>, provider: ListingProvider): AsyncGenerator<ProviderItem, number> {
  const ids = createIdSet();
  let records = 0;
  const turn = turnTaker();
  for await (const { basePlans, vocabulary, bytes } of feed) {
    yield { kind: 'bytes', bytes };
    if (!vocabulary) continue;
    for (const basePlan of basePlans) {
      if (turn.isDue()) await turn.yield();
      const { id, listing, noted } = toListing(basePlan, vocabulary, provider);
      const at = `${provider.name}, line ${basePlan.line}`;
      if (id !== undefined && !ids.add(id)) {
        const reason = 'the feed has this base plan already; this one is skipped';
        yield { kind: 'rejected', id, at, pointer: '/base_plan_id', reason };
        continue;
      }
      for (const { line, pointer, reason } of noted)
        yield { kind: 'rejected', id, at: `${provider.name}, line ${line}`, pointer, reason };
      if (id === undefined || !listing) continue;
      records += 1;
      yield { kind: 'record', id, value: listing, at };
    }
  }
  return records;
}
