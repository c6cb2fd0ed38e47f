import { setting } from '@millrace/core/config/setting';
import { httpUrl, matching } from '@millrace/core/config/setting-types';
import { z } from 'zod';

/** The settings of `npm run relay`. */
export const relaySettings = z.object({
  RELAY_FILE: setting('', z.string(), 'What npm run relay sends: a JSON array of objects, or one a line.'),
  RELAY_INTERVAL_SECONDS: setting(
    '10',
    matching(/^(?!0+(\.0+)?$)\d{1,6}(\.\d{1,3})?$/, 'must be seconds, more than 0').transform(Number),
    'How often it sends a random one of them.',
  ),
  RELAY_URL: setting('http://127.0.0.1:8081/event', httpUrl, 'Where it posts them.'),
  RELAY_TOKEN_URL: setting('http://127.0.0.1:8086/token', httpUrl, 'Where it gets its token, from any OAuth 2 server.'),
  RELAY_USERNAME: setting(
    '',
    matching(/^[\x21-\x7e]{0,100}$/, 'must be at most 100 printable characters without a space'),
    'A user to have from the start, who may post and read relay messages; npm run relay logs in as it.',
    'relay, of credentials.json in DATA_DIR',
  ),
  RELAY_PASSWORD: setting('', z.string(), 'The password of RELAY_USERNAME.'),
});

export type RelaySettings = z.output<typeof relaySettings>;
