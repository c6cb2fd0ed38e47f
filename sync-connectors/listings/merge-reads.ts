/** Which of the sources an item is of. */
export type Merged<Item> = { readonly source: number; readonly item: Item };

/**
 * The items of several sources as they come, each source waiting until its last item was taken. Sources take turns, so that none waits for a
 * slow one, and a fast one keeps none waiting.
 */
export async function* mergeReads<Item>(sources: readonly AsyncGenerator<Item>[]): AsyncGenerator<Merged<Item>> {
  const waiting = new Map<number, Promise<{ source: number; next: IteratorResult<Item> }>>();
  function ask(source: number): void {
    const generator = sources[source];
    if (generator)
      waiting.set(
        source,
        generator.next().then((next) => ({ source, next })),
      );
  }
  try {
    for (const source of sources.keys()) ask(source);
    while (waiting.size > 0) {
      const { source, next } = await Promise.race(waiting.values());
      waiting.delete(source);
      if (next.done) continue;
      yield { source, item: next.value };
      ask(source);
    }
  } finally {
    for (const left of waiting.values()) left.catch(() => undefined);
    for (const generator of sources) void generator.return(undefined).catch(() => undefined);
  }
}
