import { expect, it } from 'vitest';
import { schedulesSetting, timeZoneSetting } from './schedule-settings.ts';

it('reads who runs when, and when everything is read again', () => {
  expect(schedulesSetting.parse('blackbaud=0 * * * *; blackbaud:full = 0 3 * * 0 ;listings=off;')).toEqual([
    { connector: 'blackbaud', full: false, pattern: '0 * * * *' },
    { connector: 'blackbaud', full: true, pattern: '0 3 * * 0' },
    { connector: 'listings', full: false, pattern: undefined },
  ]);
});

it('names every fault at once', () => {
  const { error } = schedulesSetting.safeParse('blackbaud; listings=61 * * * *; a=* * * * *; a=0 * * * *');

  expect(error?.issues.map(({ message }) => message)).toEqual([
    'must be name=cron, with ; between; “blackbaud” is not',
    expect.stringContaining('has for listings what is no cron expression: '),
    'names a more than once',
  ]);
});

it('knows time zones', () => {
  expect(timeZoneSetting.safeParse('Europe/Vienna').success).toBe(true);
  expect(timeZoneSetting.safeParse('Mars/Olympus').success).toBe(false);
});
