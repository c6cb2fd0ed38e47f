import type { Batch } from '@millrace/core/stream/consume';
import { expect, it } from 'vitest';
import { slices } from './slices.ts';

const batch: Batch = {
  topic: 'songs',
  partition: 0,
  fromOffset: 10n,
  records: [12n, 13n, 17n, 18n, 19n].map((offset) => ({ offset, key: null, value: null, headers: {}, appendTime: 0 })),
  nextOffset: 25n,
  logEndOffset: 30n,
};

it('cuts a batch so that each part begins where the one before ends, gaps included', () => {
  const parts = [...slices(batch, 2)];

  expect(parts.map(({ records }) => records.map(({ offset }) => offset))).toEqual([[12n, 13n], [17n, 18n], [19n]]);
  expect(parts.map(({ fromOffset, nextOffset }) => [fromOffset, nextOffset])).toEqual([
    [10n, 17n],
    [17n, 19n],
    [19n, 25n],
  ]);
});
