import { Problem } from '@millrace/core/problem/problem';
import type { AcceptedRecord } from '@millrace/core/record/compile-record';
import { describe, expect, it } from 'vitest';
import { resultsOf } from './results-of.ts';

const accepted = (eventId: string): AcceptedRecord => ({
  eventId,
  key: eventId,
  content: undefined,
  record: { partition: 0, key: null, value: null },
});
const faults = (count: number) => Array.from({ length: count }, (_, n) => ({ pointer: `/${n}`, message: 'is wrong' }));

describe('resultsOf', () => {
  it('puts outcomes and faults under the index of their records', () => {
    const records = [
      accepted('a'),
      { faults: faults(2) },
      accepted('b'),
      accepted('c'),
      { faults: faults(1), error: 1 },
    ];
    const written = [
      { at: { partition: 2, offset: 7n }, replayed: false },
      { conflict: true },
      { problem: new Problem('kafka-unavailable', 'nothing was written') },
    ] as const;

    expect(resultsOf(records, written)).toEqual([
      { index: 0, status: 201, event_id: 'a', partition: 2, offset: 7 },
      { index: 1, status: 400, errors: faults(2) },
      { index: 2, status: 409, event_id: 'b', errors: [{ pointer: '', message: expect.stringContaining('content') }] },
      { index: 3, status: 503, event_id: 'c', errors: [{ pointer: '', message: 'nothing was written' }] },
      { index: 4, status: 500, errors: faults(1) },
    ]);
  });

  it('has the keys of what was written, where a client can not know them', () => {
    const written = [{ at: { partition: 2, offset: 7n }, replayed: false }, { conflict: true }] as const;

    expect(resultsOf([accepted('a'), accepted('b')], written, true)).toEqual([
      { index: 0, status: 201, event_id: 'a', key: 'a', partition: 2, offset: 7 },
      { index: 1, status: 409, event_id: 'b', errors: expect.any(Array) },
    ]);
  });

  it('names no more faults than a reader needs, and of each record one', () => {
    const results = resultsOf(
      Array.from({ length: 100 }, () => ({ faults: faults(100) })),
      [],
    );

    const counts = results.map((result) => ('errors' in result ? result.errors.length : 0));
    expect(counts).toEqual([...Array<number>(50).fill(100), ...Array<number>(50).fill(1)]);
  });

  it('does not make up an outcome', () => {
    expect(() => resultsOf([accepted('a')], [])).toThrow('without an outcome');
  });
});
