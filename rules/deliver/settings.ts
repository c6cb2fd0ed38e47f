import { isLoopback } from '@millrace/core/config/is-loopback';
import type { Config } from '@millrace/core/config/read-config';
import { secretsKeySetting } from '@millrace/core/config/secrets-key';
import { setting } from '@millrace/core/config/setting';
import { oneOf, wholeNumber } from '@millrace/core/config/setting-types';
import { z } from 'zod';

export const deliverySettings = z.object({
  SECRETS_KEY: secretsKeySetting,
  DELIVERIES_ALLOW_PRIVATE: setting(
    'auto',
    oneOf(['auto', 'yes', 'no']),
    'Whether deliveries may go to private addresses and by http://. auto: only where AUTH is open and the services listen on a loopback address, as while developing.',
  ),
  DELIVERIES_TIMEOUT_MS: setting('15000', wholeNumber(100, 60_000), 'How long an endpoint may take for an event.'),
  DELIVERIES_RETRY_FIRST_MS: setting(
    '5000',
    wholeNumber(10, 3_600_000),
    'The pause after the first failed attempt of an event; each further one is twice as long, less a random part.',
  ),
  DELIVERIES_RETRY_LONGEST_MS: setting('3600000', wholeNumber(10, 86_400_000), 'The longest pause between attempts.'),
  DELIVERIES_RETRY_FOR_MS: setting(
    '86400000',
    wholeNumber(0, 2_592_000_000),
    'How long an event is tried before it is marked as failed.',
  ),
  DELIVERIES_CONCURRENCY: setting(
    '8',
    wholeNumber(1, 100),
    'How many events a delivery sends at the same time from a partition, each of another key.',
  ),
  DELIVERIES_MOST_RETRYING: setting(
    '1000',
    wholeNumber(1, 100_000),
    'How many events of a partition may wait for another attempt; with more, a delivery reads no further.',
  ),
  DELIVERIES_SECRET_OVERLAP_SECONDS: setting(
    '86400',
    wholeNumber(0, 2_592_000),
    'How long the secret before signs beside a new one.',
  ),
  DELIVERIES_KEEP_ATTEMPTS: setting('10000', wholeNumber(1), 'How many attempts are kept of each delivery.'),
  DELIVERIES_KEEP_FAILED_DAYS: setting('30', wholeNumber(1, 36_500), 'How many days a failed event can be recovered.'),
  DELIVERIES_LEASE_MS: setting(
    '10000',
    wholeNumber(1_000, 300_000),
    'How long a replica that was killed keeps the partitions that it sent.',
  ),
});

export type DeliverySettings = z.output<typeof deliverySettings>;

/** Nobody else reaches a platform on a loopback address, so there an endpoint on the same machine is what a developer means. */
export function allowsPrivate(
  { DELIVERIES_ALLOW_PRIVATE: given }: Pick<DeliverySettings, 'DELIVERIES_ALLOW_PRIVATE'>,
  { auth, host, publishedHost }: Pick<Config, 'auth' | 'host' | 'publishedHost'>,
): boolean {
  if (given !== 'auto') return given === 'yes';
  return auth === 'open' && isLoopback(publishedHost || host);
}
