import { withResolvers } from '@millrace/core/promise/with-resolvers';
import { describe, expect, it } from 'vitest';
import { createWorkSlots } from './work-slots.ts';

describe('work slots', () => {
  it('run so many at once, the others in order, and refuse what is more', async () => {
    const slots = createWorkSlots({ atOnce: 2, maxWaiting: 2 });
    const ends = Array.from({ length: 4 }, () => withResolvers());
    const begun: number[] = [];
    const work = ends.map(({ promise }, n) =>
      slots(async () => {
        begun.push(n);
        await promise;
        return n;
      }),
    );

    await expect(slots(async () => 'one too many')).rejects.toMatchObject({ code: 'saturated' });
    expect(begun).toEqual([0, 1]);
    ends[1]?.resolve();
    await work[1];
    expect(begun).toEqual([0, 1, 2]);
    for (const { resolve } of ends) resolve();

    expect(await Promise.all(work)).toEqual([0, 1, 2, 3]);
    expect(await slots(async () => 'free again')).toBe('free again');
  });

  it('are free again after work that fails', async () => {
    const slots = createWorkSlots({ atOnce: 1, maxWaiting: 0 });

    await expect(slots(() => Promise.reject(new Error('no')))).rejects.toThrow('no');

    expect(await slots(async () => 'yes')).toBe('yes');
  });
});
