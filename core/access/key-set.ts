import type { JWTVerifyGetKey } from 'jose';
import type { Log } from '../log/create-log.ts';
import { Problem } from '../problem/problem.ts';
import { reasonOf } from '../problem/reason-of.ts';
import { fetchKeys } from './fetch-keys.ts';
import { loadJose } from './load-jose.ts';

type KeySetOptions = {
  readonly issuer: string;
  readonly log: Log;
  readonly fetchKeys?: typeof fetchKeys;
  /** Milliseconds. */
  readonly now?: () => number;
};

export type KeySet = {
  /** The key that a token names. Rejects with `issuer-unavailable` while no keys were ever had. */
  readonly keyOf: JWTVerifyGetKey;
  /** Fetches the keys unless there are some. Rejects when the issuer does not answer. */
  ready(): Promise<void>;
};

/** Whoever sends tokens with made-up key ids would otherwise have the issuer asked each time. */
const REFRESH_EVERY_MS = 30_000;
/** Until when keys that the issuer has withdrawn are taken. */
const OLD_AFTER_MS = 10 * 60_000;
/** While there are no keys at all, every request waits for them. */
const RETRY_EVERY_MS = 1_000;

/**
 * An issuer's public keys: fetched when first needed, again when they are old or a token names one that is not among them, and
 * kept while the issuer is away. jose's own remote set asks once for every unknown id then, and loses what it had.
 */
export function createKeySet({ issuer, log, now = () => performance.now(), ...options }: KeySetOptions): KeySet {
  const fetchSet = options.fetchKeys ?? fetchKeys;
  let keys: JWTVerifyGetKey | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let asking: Promise<void> | undefined;

  return {
    async keyOf(header, token) {
      if (!keys) await load();
      else if (now() - askedAt > OLD_AFTER_MS) void refresh(REFRESH_EVERY_MS);
      const known = keys;
      if (!known) throw unavailable();
      try {
        return await known(header, token);
      } catch (error) {
        const { errors } = await loadJose();
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        await refresh(REFRESH_EVERY_MS);
        const renewed = keys;
        if (!renewed || renewed === known) throw error;
        return renewed(header, token);
      }
    },
    ready: load,
  };

  async function load(): Promise<void> {
    if (keys) return;
    await refresh(RETRY_EVERY_MS);
    if (!keys) throw unavailable();
  }

  /** Never rejects; does nothing when the issuer was asked less than that long ago. */
  async function refresh(everyMs: number): Promise<void> {
    if (!asking && now() - askedAt >= everyMs) {
      askedAt = now();
      asking = ask().finally(() => {
        asking = undefined;
      });
    }
    await asking;
  }

  async function ask(): Promise<void> {
    try {
      const [{ createLocalJWKSet }, found] = await Promise.all([loadJose(), fetchSet(issuer)]);
      keys = createLocalJWKSet(found);
    } catch (error) {
      failure = error;
      log.warn({ issuer, reason: reasonOf(error) }, 'the keys of the issuer of tokens could not be fetched');
    }
  }

  function unavailable(): Problem {
    return new Problem('issuer-unavailable', `${issuer} does not give its keys: ${reasonOf(failure)}.`, {
      cause: failure,
      headers: { 'retry-after': '1' },
    });
  }
}
