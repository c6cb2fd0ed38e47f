import { describe, expect, it } from 'vitest';
import { growthOf, type Sample } from './judge.ts';

const sample = (heap: number, listeners = 10): Sample => ({ heap, rss: 100, emitters: 5, signals: 3, listeners });

describe('growthOf', () => {
  it('is 1 for what goes up and down without growing', () => {
    const samples = Array.from({ length: 30 }, (_, minute) => sample(100 + (minute % 3)));

    expect(growthOf(samples)).toEqual({ heap: 1, rss: 1, emitters: 1, signals: 1, listeners: 1 });
  });

  it('leaves the first fifth out, in which caches fill', () => {
    const samples = Array.from({ length: 10 }, (_, minute) => sample(minute < 2 ? 10 : 100));

    expect(growthOf(samples).heap).toBe(1);
  });

  it('finds the leak of one measure among steady ones', () => {
    const samples = Array.from({ length: 30 }, (_, minute) => sample(100, 10 + minute));

    expect(growthOf(samples).listeners).toBeCloseTo((37 + 20) / (19 + 20));
    expect(growthOf(samples).heap).toBe(1);
  });

  it('takes what is in flight for no leak', () => {
    const samples = Array.from({ length: 30 }, (_, minute) => sample(100, minute < 20 ? 0 : 1));

    expect(growthOf(samples).listeners).toBe(21 / 20);
  });

  it('says nothing of too few samples', () => {
    expect(growthOf([sample(1)])).toEqual({});
  });
});
