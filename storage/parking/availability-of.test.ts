import { describe, expect, it } from 'vitest';
import { availabilityOf } from './availability-of.ts';

describe('parking availability', () => {
  it('says of each type what is left, never less than nothing, and shows types without a limit last', () => {
    const limits = new Map([
      ['Premium', 2],
      ['General', 3],
      ['Buck Road', 40],
    ]);
    const issued = new Map([
      ['Staff', 7],
      ['General', 1],
      ['Premium', 5],
    ]);

    expect(availabilityOf(limits, issued)).toEqual([
      { pass_type: 'Premium', limit: 2, issued: 5, left: 0 },
      { pass_type: 'General', limit: 3, issued: 1, left: 2 },
      { pass_type: 'Buck Road', limit: 40, issued: 0, left: 40 },
      { pass_type: 'Staff', limit: null, issued: 7, left: null },
    ]);
  });
});
