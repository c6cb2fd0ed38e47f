import { Problem } from '@millrace/core/problem/problem';
import { LRUCache } from 'lru-cache';

/** Throws `too-many-requests`, saying when to come back, for a client that asks more often than it may. */
export type LimitClients = (client: string) => void;

type Bucket = { tokens: number; at: number };

const MAX_CLIENTS = 10_000;

/**
 * A token bucket for each client, as large as a second's worth of requests.
 * @param perSecond requests a second of one client; 0 takes any number
 * @param now milliseconds
 */
export function limitClients(perSecond: number, now: () => number = () => performance.now()): LimitClients {
  if (perSecond === 0) return () => undefined;
  const buckets = new LRUCache<string, Bucket>({ max: MAX_CLIENTS });

  return (client) => {
    const at = now();
    const bucket = buckets.get(client) ?? { tokens: perSecond, at };
    const tokens = Math.min(perSecond, bucket.tokens + ((at - bucket.at) * perSecond) / 1_000);
    buckets.set(client, { tokens: Math.max(tokens - 1, tokens % 1), at });
    if (tokens >= 1) return;
    throw new Problem('too-many-requests', `One client may send ${perSecond} requests a second.`, {
      headers: { 'retry-after': String(Math.ceil((1 - tokens) / perSecond)) },
    });
  };
}
