import { describe, expect, it } from 'vitest';
import { limitsSetting } from './limits-setting.ts';

describe('PARKING_LIMITS', () => {
  it('is read in the order in which it is written, spaces in names kept', () => {
    expect([...limitsSetting.parse('General=800, Buck Road = 40'.replace(' = ', '='))]).toEqual([
      ['General', 800],
      ['Buck Road', 40],
    ]);
  });

  it.each(['', 'General', 'General=', 'General=many', '=3', 'General=-1', 'A=1,A=2', 'A=1,,B=2'])(
    'refuses "%s"',
    (text) => {
      expect(limitsSetting.safeParse(text).success).toBe(false);
    },
  );
});
