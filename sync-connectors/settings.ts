import { setting } from '@millrace/core/config/setting';
import { wholeNumber } from '@millrace/core/config/setting-types';
import { z } from 'zod';
import { connectorSettings } from './connectors.ts';
import { schedulesSetting, timeZoneSetting } from './frame/schedule/schedule-settings.ts';

/** The settings of the frame; those of the connectors follow. */
export const syncSettings = z.object({
  SYNC_SCHEDULE: setting(
    '',
    schedulesSetting,
    'When connectors run: name=cron, several with ; between. name:full=cron reads everything again, which is how rows that a vendor no longer has are found; name=off ends the schedule that a connector has of its own.',
  ),
  SYNC_TIMEZONE: setting('UTC', timeZoneSetting, 'The time zone of SYNC_SCHEDULE, such as Europe/Vienna.'),
  STALE_AFTER: setting(
    '2',
    wholeNumber(1, 1_000),
    'How many complete reads in a row may lack a row before it becomes stale.',
  ),
  ALLOW_EMPTY: setting(
    '',
    z.string().transform((text) => new Set(text.split(',').map((name) => name.trim()))),
    'Connectors, or entities as connector/entity, whose empty answer means that there is nothing, with commas between.',
  ),
  SYNC_CALL_TIMEOUT_SECONDS: setting('120', wholeNumber(1, 300), 'How long a vendor may take to begin an answer.'),
  SYNC_BREAKER_SECONDS: setting(
    '30',
    wholeNumber(1, 3_600),
    'How long a vendor is left alone after five calls in a row that it did not answer.',
  ),
  SYNC_KEEP_RUNS_DAYS: setting('90', wholeNumber(1, 36_500), 'How many days runs are kept after they have ended.'),
  ...connectorSettings.shape,
});

export type SyncSettings = z.output<typeof syncSettings>;
