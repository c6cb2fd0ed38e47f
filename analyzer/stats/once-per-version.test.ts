import { expect, it } from 'vitest';
import { oncePerVersion } from './once-per-version.ts';

/** A computation that ends when the test says so. */
function controlled() {
  const running: { resolve(result: string): void; reject(error: Error): void }[] = [];
  const state = { version: 'a' };
  const ask = oncePerVersion(
    () => state.version,
    () => new Promise<string>((resolve, reject) => running.push({ resolve, reject })),
  );
  return { state, ask, running };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('computes once for all who ask while the version stays the same, also afterwards', async () => {
  const { ask, running } = controlled();

  const asked = Array.from({ length: 100 }, ask);
  await turn();
  running[0]?.resolve('first');
  const answers = await Promise.all([...asked, ask()]);

  expect(running).toHaveLength(1);
  expect(new Set(answers)).toEqual(new Set(['first']));
});

it('runs one computation at a time, and who asks meanwhile shares the next', async () => {
  const { state, ask, running } = controlled();
  const first = ask();
  await turn();

  state.version = 'b';
  const later = [ask()];
  state.version = 'c';
  later.push(ask(), ask());
  await turn();
  const whileFirstRuns = running.length;
  running[0]?.resolve('first');
  await turn();
  running[1]?.resolve('second');

  expect(whileFirstRuns).toBe(1);
  expect(await first).toBe('first');
  expect(await Promise.all([...later, ask()])).toEqual(['second', 'second', 'second', 'second']);
  expect(running).toHaveLength(2);
});

it('computes again after a failure', async () => {
  const { ask, running } = controlled();
  const failed = Promise.allSettled([ask(), ask()]);
  await turn();
  running[0]?.reject(new Error('too slow'));
  await failed;

  const again = ask();
  await turn();
  running[1]?.resolve('now');

  expect(await failed).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  expect(await again).toBe('now');
});
