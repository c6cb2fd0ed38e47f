/** Which of the sources an item is of. */
export type Merged<Item> = { readonly source: number; readonly item: Item };

type Ready<Item> = { readonly source: number; readonly next: IteratorResult<Item> } | { readonly error: unknown };

/**
 * The items of several sources as they come, each source waiting until its last item was taken. Sources take turns, so that none waits for a
 * slow one, and a fast one keeps none waiting. Nothing is kept for a source that is silent, however much the others give.
 */
export async function* mergeReads<Item>(sources: readonly AsyncGenerator<Item>[]): AsyncGenerator<Merged<Item>> {
  const ready: Ready<Item>[] = [];
  let wake: () => void = () => undefined;
  let open = 0;
  function tell(each: Ready<Item>): void {
    ready.push(each);
    wake();
  }
  function ask(source: number): void {
    open += 1;
    sources[source]?.next().then(
      (next) => tell({ source, next }),
      (error: unknown) => tell({ error }),
    );
  }
  try {
    for (const source of sources.keys()) ask(source);
    while (open > 0) {
      const first = ready.shift();
      if (!first) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      open -= 1;
      if ('error' in first) throw first.error;
      if (first.next.done) continue;
      yield { source: first.source, item: first.next.value };
      ask(first.source);
    }
  } finally {
    for (const generator of sources) void generator.return(undefined).catch(() => undefined);
  }
}
