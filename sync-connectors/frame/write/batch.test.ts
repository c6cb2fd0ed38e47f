import { expect, it } from 'vitest';
import { createBatcher } from './batch.ts';

const record = (id: string, name: string) => ({ kind: 'record' as const, id, value: { name }, at: 'row 1' });

it('keeps the last of a row that comes twice, and counts both', () => {
  const batcher = createBatcher();
  for (const name of ['first', 'last']) batcher.record(record('a', name));
  batcher.reject({ id: 'b', at: 'row 3', pointer: '/name', reason: 'no' });
  batcher.checkpoint({ page: 2 });

  const { records, rejections, read, cursor } = batcher.take();

  expect([...records.values()].map(({ value }) => value)).toEqual([{ name: 'last' }]);
  expect([rejections.length, read, cursor]).toEqual([1, 3, { value: { page: 2 } }]);
  expect(batcher.isEmpty()).toBe(true);
});

it('is full by the number of rows, and by their size', () => {
  const [many, large] = [createBatcher(), createBatcher()];
  for (let n = 0; n < 500; n += 1) many.record(record(`id ${n}`, 'x'));
  large.record(record('a', 'x'.repeat(1_999_000)));
  const before = large.isFull();
  large.record(record('b', 'x'.repeat(2_000)));

  expect([many.isFull(), before, large.isFull()]).toEqual([true, false, true]);
});
