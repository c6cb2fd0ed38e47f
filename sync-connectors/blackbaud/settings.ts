import { secretsKeySetting } from '@millrace/core/config/secrets-key';
import { setting } from '@millrace/core/config/setting';
import { httpUrl, matching, oneOf, wholeNumber } from '@millrace/core/config/setting-types';
import { z } from 'zod';

const anyText = z.string();
const pathOrNone = matching(/^(\/\S*)?$/, 'must be a path that begins with a slash, or empty');
const ownPath = (what: string) =>
  setting('', pathOrNone, `The path that ${what} are read from, in the place of the profile's.`);
const ownQuery = (what: string) =>
  setting(
    '',
    anyText,
    `The name of the ad-hoc query that ${what} are read from, in the place of the profile's source.`,
  );
const pathWith = (parameter: string, initial: string, doc: string) =>
  setting(
    initial,
    z.string().refine((text) => text.startsWith('/') && text.includes(parameter), {
      error: `must be a path with ${parameter} in it`,
    }),
    doc,
  );

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }) !== undefined;
  } catch {
    return false;
  }
}

/** The settings of Blackbaud SKY. Without a client id and a subscription key the connector is not used. */
export const blackbaudSettings = z.object({
  SECRETS_KEY: secretsKeySetting,
  BLACKBAUD_CLIENT_ID: setting('', anyText, 'The application id of Blackbaud SKY.'),
  BLACKBAUD_CLIENT_SECRET: setting('', anyText, 'The application’s primary secret.'),
  BLACKBAUD_CLIENT_SECRET_2: setting('', anyText, 'Its secondary secret, tried when the primary one is refused.'),
  BLACKBAUD_SUBSCRIPTION_KEY: setting('', anyText, 'The developer’s subscription key, primary or secondary.'),
  BLACKBAUD_REFRESH_TOKEN: setting('', anyText, 'A refresh token to begin with. make blackbaud-login needs none.'),
  BLACKBAUD_DATABASE: setting(
    '',
    matching(/^[\x20-\x7e]*$/, 'must be printable'),
    'Sent as the header REDatabaseToUse, where it is set.',
  ),
  BLACKBAUD_PROFILE: setting(
    'altru',
    oneOf(['altru', 'renxt', 'seed']),
    'Which paths and fields the vendor has; see docs/ticketing.md.',
  ),
  BLACKBAUD_API_URL: setting('https://api.sky.blackbaud.com', httpUrl, 'Where the SKY API answers.'),
  BLACKBAUD_TOKEN_URL: setting('https://oauth2.sky.blackbaud.com/token', httpUrl, 'Where tokens are issued.'),
  BLACKBAUD_AUTHORIZE_URL: setting(
    'https://app.blackbaud.com/oauth/authorize',
    httpUrl,
    'Where a person agrees to the login.',
  ),
  BLACKBAUD_LOGIN_PORT: setting('8765', wholeNumber(1, 65_535), 'The port of the address that a login returns to.'),
  BLACKBAUD_ROTATE_AFTER_DAYS: setting(
    '180',
    wholeNumber(0, 300),
    'The age in days at which a refresh token is replaced by a new one; 0 replaces it at each refresh.',
  ),
  BLACKBAUD_CALLS_PER_SECOND: setting('5', wholeNumber(1, 1_000), 'Calls in a second, of all replicas together.'),
  BLACKBAUD_CALLS_PER_DAY: setting(
    '1000',
    wholeNumber(1),
    'Calls in a day: 1000 of the free tier, 25000 of customers, 100000 of partners.',
  ),
  BLACKBAUD_TIMEZONE: setting(
    'UTC',
    z.string().refine(isTimeZone, { error: 'must be a time zone such as America/New_York' }),
    'The time zone of times that the vendor gives without one.',
  ),
  BLACKBAUD_PAGE_SIZE: setting('500', wholeNumber(1, 5_000), 'Rows of a page, where lists have pages.'),
  BLACKBAUD_PAGE_MINUTES: setting('30', wholeNumber(1, 1_440), 'How long a whole page, list or query may take.'),
  BLACKBAUD_LIST_LIMIT: setting('500', wholeNumber(1, 100_000), 'Rows asked of a list that has no pages (alt-*).'),
  BLACKBAUD_QUERY_LIMIT: setting('50000', wholeNumber(1, 1_000_000), 'Rows asked of an ad-hoc query.'),
  BLACKBAUD_CUSTOMERS_PATH: ownPath('customers'),
  BLACKBAUD_CUSTOMERS_QUERY: ownQuery('customers'),
  BLACKBAUD_CUSTOMER_PATH: setting(
    '',
    pathOrNone,
    'The path of one customer, with {id}, in the place of the profile’s.',
  ),
  BLACKBAUD_TICKETED_EVENTS_PATH: ownPath('ticketed events'),
  BLACKBAUD_TICKETED_EVENTS_QUERY: ownQuery('ticketed events'),
  BLACKBAUD_WRISTBANDS_PATH: ownPath('wristbands'),
  BLACKBAUD_WRISTBANDS_QUERY: ownQuery('wristbands'),
  BLACKBAUD_PARKING_PASSES_PATH: ownPath('parking passes'),
  BLACKBAUD_PARKING_PASSES_QUERY: ownQuery('parking passes'),
  BLACKBAUD_QUERY_ID_PATH: pathWith(
    '{name}',
    '/alt-anamg/adhocqueries/id/{name}',
    'The path that gives the id of a query.',
  ),
  BLACKBAUD_QUERY_PATH: pathWith('{id}', '/alt-anamg/adhocqueries/{id}', 'The path that gives the rows of a query.'),
});

export type BlackbaudSettings = z.output<typeof blackbaudSettings>;
