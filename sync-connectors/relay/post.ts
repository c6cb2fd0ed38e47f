import { reasonOf } from '@millrace/core/problem/reason-of';
import { withLinkedSignal } from '@millrace/core/promise/link-signals';
import { RelayFault } from './relay-fault.ts';

const TIMEOUT_MS = 30_000;

export type Posted = Pick<Response, 'status' | 'headers'> & { readonly body: string };

/** A POST that ends in time: with an answer of any status, read to its end, or with a `RelayFault`. */
export async function post(url: string, init: RequestInit, signal: AbortSignal): Promise<Posted> {
  try {
    return await withLinkedSignal([signal], TIMEOUT_MS, async (linked) => {
      const response = await fetch(url, { ...init, method: 'POST', redirect: 'error', signal: linked });
      const { status, headers } = response;
      return { status, headers, body: await response.text() };
    });
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new RelayFault(`${new URL(url).origin} is unreachable: ${reasonOf(cause)}`);
  }
}

export function faultOf({ status, headers }: Posted, what: string): RelayFault {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return new RelayFault(
    `${what} answered ${status}`,
    Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined,
  );
}
