import { expect, it } from 'vitest';
import { PAUSE, withPauses } from './with-pauses.ts';

const never = new Promise<never>(() => undefined);
const until = new AbortController().signal;

async function* numbers() {
  yield 1;
  yield 2;
}

it('yields what the source does', async () => {
  const got: unknown[] = [];
  for await (const item of withPauses(numbers(), 1_000, until)) got.push(item);

  expect(got).toEqual([1, 2]);
});

it('says that nothing comes for a while, and loses nothing', async () => {
  async function* slow() {
    yield 1;
    await new Promise((resolve) => setTimeout(resolve, 50));
    yield 2;
  }
  const got: unknown[] = [];
  for await (const item of withPauses(slow(), 5, until)) if (got.at(-1) !== item) got.push(item);

  expect(got).toEqual([1, PAUSE, 2]);
});

it('ends at once when it is aborted, although the source hangs', async () => {
  const abort = new AbortController();
  async function* hanging() {
    yield 1;
    await never;
  }
  const items = withPauses(hanging(), 60_000, abort.signal);
  await items.next();
  const next = items.next();

  abort.abort(new Error('cancelled'));

  await expect(next).rejects.toThrow('cancelled');
});

it('gives on what the source throws', async () => {
  async function* broken() {
    yield 1;
    throw new Error('broken');
  }
  const items = withPauses(broken(), 1_000, until);
  await items.next();

  await expect(items.next()).rejects.toThrow('broken');
});
