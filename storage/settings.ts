import { setting } from '@millrace/core/config/setting';
import { z } from 'zod';
import { limitsSetting } from './parking/limits-setting.ts';

export const storageSettings = z.object({
  PARKING_LIMITS: setting(
    'General=800,Premium=60,Catering=30,Buck Road=40',
    limitsSetting,
    'How many parking passes of each type an event has.',
  ),
});

export type StorageSettings = z.output<typeof storageSettings>;
