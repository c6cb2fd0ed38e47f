import { reasonOf } from '@millrace/core/problem/reason-of';
import { RelayFault } from './relay-fault.ts';

const TIMEOUT_MS = 30_000;

/** A POST that ends: with an answer of any status, or with a `RelayFault`. */
export async function post(url: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
  try {
    const signals = [signal, AbortSignal.timeout(TIMEOUT_MS)];
    return await fetch(url, { ...init, method: 'POST', redirect: 'error', signal: AbortSignal.any(signals) });
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error && error.cause !== undefined ? reasonOf(error.cause) : 'no answer';
    throw new RelayFault(`${new URL(url).origin} is unreachable: ${cause}`);
  }
}

export function faultOf({ status, headers }: Response, what: string): RelayFault {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return new RelayFault(
    `${what} answered ${status}`,
    Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined,
  );
}
