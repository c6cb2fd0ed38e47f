import { expect, it } from 'vitest';
import { mergeReads } from './merge-reads.ts';

async function* counting(name: string, count: number): AsyncGenerator<string> {
  for (let at = 0; at < count; at += 1) yield `${name}${at}`;
}

async function* silent(): AsyncGenerator<string> {
  await new Promise(() => undefined);
  yield 'never';
}

it('gives the items of all sources, taking turns', async () => {
  const items: string[] = [];

  for await (const { item } of mergeReads([counting('a', 3), counting('b', 3)])) items.push(item);

  expect(items).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2']);
});

it('asks a source for its next item only once the last was taken', async () => {
  let asked = 0;
  async function* watched(): AsyncGenerator<number> {
    for (;;) {
      asked += 1;
      yield asked;
    }
  }

  for await (const { item } of mergeReads([watched()])) if (item === 5) break;

  expect(asked).toBe(5);
});

it('does not wait for a silent one', async () => {
  const items: string[] = [];

  for await (const { item } of mergeReads([silent(), counting('b', 3)])) {
    items.push(item);
    if (items.length === 3) break;
  }

  expect(items).toEqual(['b0', 'b1', 'b2']);
});

it('ends with the error of a source', async () => {
  // biome-ignore lint/correctness/useYield: it fails before it gives anything.
  async function* failing(): AsyncGenerator<string> {
    throw new Error('broken');
  }

  await expect(
    mergeReads([counting('a', 5), failing()])
      .next()
      .then(() => mergeReads([failing()]).next()),
  ).rejects.toThrow('broken');
});
