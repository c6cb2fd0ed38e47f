export type LinkedSignal = {
  readonly signal: AbortSignal;
  /** Has it follow the others no more. To be called once nothing waits for it. */
  unlink(): void;
};

/**
 * A signal that aborts as the first of others does, or after a time. It stands in for `AbortSignal.any`, which Node 20 forgets when
 * garbage is collected, so that a call with a timeout may wait for ever, and which stays with each signal that it follows
 * (nodejs/node#55351).
 * @param timeoutMs after which it aborts with a `TimeoutError`, as `AbortSignal.timeout` does
 */
export function linkSignals(others: readonly AbortSignal[], timeoutMs?: number): LinkedSignal {
  const linked = new AbortController();
  const follow = ({ target }: { readonly target: EventTarget | null }) => {
    if (target instanceof AbortSignal) linked.abort(target.reason);
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(onTimeout, timeoutMs);
  for (const other of others)
    if (other.aborted) linked.abort(other.reason);
    else other.addEventListener('abort', follow);

  return {
    signal: linked.signal,
    unlink() {
      clearTimeout(timer);
      for (const other of others) other.removeEventListener('abort', follow);
    },
  };

  function onTimeout(): void {
    linked.abort(new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError'));
  }
}

/** Does work under such a signal. */
export async function withLinkedSignal<Result>(
  others: readonly AbortSignal[],
  timeoutMs: number | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { signal, unlink } = linkSignals(others, timeoutMs);
  try {
    return await work(signal);
  } finally {
    unlink();
  }
}
