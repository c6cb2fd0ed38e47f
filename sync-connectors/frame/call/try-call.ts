import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@millrace/core/problem/reason-of';
import { linkSignals } from '@millrace/core/promise/link-signals';
import { VendorFault } from '../vendor-fault.ts';
import { retryAfterMs } from './retry-after.ts';

/** An answer, or the lack of one, after which the same call may work. */
export class FailedTry extends Error {
  override readonly name = 'FailedTry';
  /** Whether the vendor is up, and only asks for patience. */
  readonly isThrottled: boolean;
  /** For the metric: a status, or `network`, or `timeout`. */
  readonly outcome: string;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, outcome: string, isThrottled = false, retryAfter?: number) {
    super(message);
    this.outcome = outcome;
    this.isThrottled = isThrottled;
    this.retryAfterMs = retryAfter;
  }
}

/** As long as this a call waits for a vendor that asks for it; for longer the read ends. */
export const LONGEST_WAIT_MS = 300_000;

/**
 * One try of a call: resolves with an answer that a retry would not change, of whatever status. What it throws names the vendor's host
 * and path, and never what an address or a header holds besides.
 */
export async function tryCall(
  url: string,
  init: RequestInit | undefined,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Response> {
  const where = placeOf(url, init);
  const slow = new AbortController();
  const timer = setTimeout(() => slow.abort(), timeoutMs);
  const others = init?.signal ? [signal, init.signal] : [signal];
  const { signal: linked, unlink } = linkSignals([...others, slow.signal]);
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal: linked });
  } catch (error) {
    unlink();
    for (const other of others) other.throwIfAborted();
    if (slow.signal.aborted)
      throw new FailedTry(
        `${where} did not answer within ${timeoutMs / 1_000} s (SYNC_CALL_TIMEOUT_SECONDS)`,
        'timeout',
      );
    const cause = error instanceof Error && error.cause !== undefined ? reasonOf(error.cause) : 'the call failed';
    throw new FailedTry(`${where}: ${cause}`, 'network');
  } finally {
    clearTimeout(timer);
  }
  // Its body is read until the others end it, so the link stays.
  const after = retryAfterMs(response.headers.get('retry-after'), Date.now());
  const isThrottled = response.status === 429 || (response.status === 403 && after !== undefined);
  if (!isThrottled && response.status < 500 && response.status !== 408) return response;
  await response.body?.cancel().catch(() => undefined);
  unlink();
  throw new FailedTry(`${where} answered ${response.status}`, String(response.status), isThrottled, after);
}

/** `GET https://vendor.example/list`, without user and query. */
function placeOf(url: string, init: RequestInit | undefined): string {
  const method = init?.method?.toUpperCase() ?? 'GET';
  if (!URL.canParse(url)) throw new VendorFault('config', 'the address of a call is no URL');
  const { origin, pathname } = new URL(url);
  return `${method} ${origin}${pathname}`;
}

/** Waits as the vendor asked. Throws a `VendorFault` where that is too long. */
export async function waitAsAsked(error: FailedTry, signal: AbortSignal): Promise<void> {
  const ms = error.retryAfterMs ?? 0;
  if (ms > LONGEST_WAIT_MS)
    throw new VendorFault('throttled', `${error.message}, and asks to wait for ${Math.ceil(ms / 1_000)} s`);
  if (ms > 0) await sleep(ms, undefined, { signal });
}
