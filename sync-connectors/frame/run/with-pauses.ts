import { withResolvers } from '@millrace/core/promise/with-resolvers';

export const PAUSE = Symbol('pause');

/**
 * What a source yields, and `PAUSE` where it yields nothing for a while, so that what was read can be written meanwhile. Ends with the
 * signal's reason at once, also while the source hangs.
 */
export async function* withPauses<Item>(
  source: AsyncIterable<Item>,
  pauseMs: number,
  signal: AbortSignal,
): AsyncGenerator<Item | typeof PAUSE> {
  const iterator = source[Symbol.asyncIterator]();
  const { promise: aborted, reject } = withResolvers<never>();
  aborted.catch(() => undefined);
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  let next: Promise<IteratorResult<Item>> | undefined;
  try {
    for (;;) {
      signal.throwIfAborted();
      next ??= iterator.next();
      const got = await Promise.race([next, pauseOf(pauseMs, next), aborted]);
      if (got === PAUSE) {
        yield PAUSE;
        continue;
      }
      next = undefined;
      if (got.done) return;
      yield got.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    next?.catch(() => undefined);
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

/** Resolves after a time, and leaves no timer behind when the item comes before. */
function pauseOf(ms: number, item: Promise<unknown>): Promise<typeof PAUSE> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(PAUSE), ms);
    const clear = () => clearTimeout(timer);
    item.then(clear, clear);
  });
}
