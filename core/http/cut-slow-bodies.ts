import type { IncomingMessage } from 'node:http';
import { Problem } from '../problem/problem.ts';
import { type Exchanges, endExchange } from './exchange.ts';

export type PaceLimits = {
  /** How long a body may take before its pace counts, and over how long it is measured. */
  readonly paceWindowMs: number;
  readonly minBytesPerSecond: number;
};

type Pace = { readonly since: number; readonly bytes: number };

/**
 * Ends requests whose bodies arrive more slowly than the limit with 408, because others can't have the memory that they
 * hold. A body that waits for its own handler to read it is not slow.
 * @param now milliseconds
 * @returns to be called at intervals
 */
export function cutSlowBodies(exchanges: Exchanges, limits: PaceLimits, now = () => performance.now()): () => void {
  const { paceWindowMs, minBytesPerSecond } = limits;
  const minBytes = (minBytesPerSecond * paceWindowMs) / 1_000;
  const detail = `The body came more slowly than ${minBytesPerSecond} bytes a second.`;
  const paces = new WeakMap<IncomingMessage, Pace>();

  return () => {
    const at = now();
    for (const [{ bytesRead }, exchange] of exchanges) {
      if (!exchange || exchange.req.complete || exchange.req.destroyed) continue;
      const { req } = exchange;
      const pace = paces.get(req);
      const isMeasured = pace !== undefined && at - pace.since >= paceWindowMs;
      if (isMeasured && bytesRead - pace.bytes < minBytes && req.readableLength === 0)
        endExchange(exchange, new Problem('request-timeout', detail));
      else if (isMeasured || !pace) paces.set(req, { since: at, bytes: bytesRead });
    }
  };
}
