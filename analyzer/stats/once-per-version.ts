type Versioned<Result> = { readonly version: string; readonly result: Promise<Result> };

/**
 * Shares one computation among all callers while the version stays the same. A caller that asks for a newer version while an older one is
 * computed shares the next computation, so that at most one runs at a time. A failure is not kept.
 */
export function oncePerVersion<Result>(version: () => string, compute: () => Promise<Result>): () => Promise<Result> {
  let latest: Versioned<Result> | undefined;
  let next: Promise<Result> | undefined;

  return () => {
    if (latest?.version === version()) return latest.result;
    next ??= computeNext();
    return next;
  };

  async function computeNext(): Promise<Result> {
    await latest?.result.catch(() => undefined);
    next = undefined;
    const current = { version: version(), result: compute() };
    latest = current;
    current.result.catch(() => {
      if (latest === current) latest = undefined;
    });
    return current.result;
  }
}
