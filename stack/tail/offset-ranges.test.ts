import { describe, expect, it } from 'vitest';
import { offsetRanges, parseFrom } from './offset-ranges.ts';

describe('parseFrom', () => {
  it('reads start, end and times', () => {
    expect(parseFrom('start')).toBe('start');
    expect(parseFrom('end')).toBe('end');
    expect(parseFrom('2026-03-14T08:30:00+01:00')).toEqual({ appendTime: Date.UTC(2026, 2, 14, 7, 30) });
  });

  it('refuses anything else in one line', () => {
    expect(() => parseFrom('yesterday')).toThrow('FROM is yesterday; it may be start, end or a time');
  });
});

describe('offsetRanges', () => {
  const admin = {
    fetchOffsets: async () => [
      { partition: 0, lowOffset: 2n, logEndOffset: 9n },
      { partition: 1, lowOffset: 0n, logEndOffset: 5n },
    ],
    offsetsByTime: async () => new Map([[0, 4n]]),
  };

  it('begins at the oldest record still held, or past the newest', async () => {
    expect((await offsetRanges(admin, 'running', 'start')).get(0)).toEqual({ start: 2n, end: 9n });
    expect((await offsetRanges(admin, 'running', 'end')).get(0)).toEqual({ start: 9n, end: 9n });
  });

  it('begins at a time, and past the newest where nothing came since', async () => {
    const ranges = await offsetRanges(admin, 'running', { appendTime: 1 });

    expect(ranges.get(0)).toEqual({ start: 4n, end: 9n });
    expect(ranges.get(1)).toEqual({ start: 5n, end: 5n });
  });
});
