import { secretsKeySetting } from '@millrace/core/config/secrets-key';
import { setting } from '@millrace/core/config/setting';
import { matching, wholeNumber } from '@millrace/core/config/setting-types';
import { z } from 'zod';
import { accountsSetting } from './account/accounts-setting.ts';

export const authSettings = z
  .object({
    SECRETS_KEY: secretsKeySetting,
    AUTH_KEY_DAYS: setting('30', wholeNumber(1, 3_650), 'The age in days at which the key that signs is replaced.'),
    AUTH_CLIENTS: setting(
      '',
      accountsSetting,
      'Clients and users to have from the start: JSON, or the path of a JSON file; docs/tokens.md shows its form.',
    ),
    RELAY_USERNAME: setting(
      '',
      matching(/^[\x21-\x7e]{0,100}$/, 'must be at most 100 printable characters without a space'),
      'A user to have from the start, who may post and read relay messages.',
    ),
    RELAY_PASSWORD: setting('', z.string(), 'The password of RELAY_USERNAME.'),
    AUTH_TRUST_PROXY: setting(
      '0',
      wholeNumber(0, 100),
      'The number of proxies in front of auth: that many addresses at the end of X-Forwarded-For are trusted.',
    ),
  })
  .refine(({ RELAY_USERNAME, RELAY_PASSWORD }) => (RELAY_USERNAME === '') === (RELAY_PASSWORD === ''), {
    path: ['RELAY_PASSWORD'],
    error: 'must be set where RELAY_USERNAME is, and only there',
  });

export type AuthSettings = z.output<typeof authSettings>;
