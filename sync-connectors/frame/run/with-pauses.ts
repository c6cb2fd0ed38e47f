import { type Resolvers, withResolvers } from '@millrace/core/promise/with-resolvers';

export const PAUSE = Symbol('pause');

/**
 * What a source yields, and `PAUSE` where it yields nothing for a while, so that what was read can be written meanwhile. Ends with the
 * signal's reason at once, also while the source hangs. An item leaves nothing behind: no timer, and no reaction on a promise that outlives it.
 */
export async function* withPauses<Item>(
  source: AsyncIterable<Item>,
  pauseMs: number,
  signal: AbortSignal,
): AsyncGenerator<Item | typeof PAUSE> {
  const iterator = source[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<Item>> | undefined;
  let waiting: Resolvers<IteratorResult<Item> | typeof PAUSE> | undefined;
  const timer = setTimeout(() => waiting?.resolve(PAUSE), pauseMs);
  const onAbort = () => waiting?.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      next ??= iterator.next();
      waiting = withResolvers();
      next.then(waiting.resolve, waiting.reject);
      timer.refresh();
      const got = await waiting.promise;
      if (got === PAUSE) {
        yield PAUSE;
        continue;
      }
      next = undefined;
      if (got.done) return;
      yield got.value;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    next?.catch(() => undefined);
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
