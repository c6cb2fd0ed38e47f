import { setting } from '@millrace/core/config/setting';
import { wholeNumber } from '@millrace/core/config/setting-types';
import { z } from 'zod';

export const receiverSettings = z.object({
  PRODUCE_DEADLINE_MS: setting('5000', wholeNumber(1), 'How long the receiver waits for Kafka before it answers 503.'),
  MAX_IN_FLIGHT_RECORDS: setting('20000', wholeNumber(1), 'Records in the receiver at once; more are answered 503.'),
  MAX_IN_FLIGHT_BYTES: setting('67108864', wholeNumber(1), 'Bytes of them at once.'),
  MAX_BODY_BYTES: setting('5242880', wholeNumber(1), 'The largest request body, as sent and as inflated.'),
  RATE_LIMIT: setting(
    '0',
    wholeNumber(0),
    'Requests a second that the receiver takes of one client; 0 takes any number.',
  ),
  TRUST_PROXY: setting(
    '0',
    wholeNumber(0, 100),
    'The number of proxies in front of the receiver: that many addresses at the end of X-Forwarded-For are trusted.',
  ),
});
