import { setting } from '@millrace/core/config/setting';
import { wholeNumber } from '@millrace/core/config/setting-types';
import { z } from 'zod';
import { isTimeZone } from './local-time.ts';

/** A provider of listings: where its feed is. */
type NamedFeed = { readonly name: string; readonly url: string };
export type ListingProvider = NamedFeed & { readonly timeZone: string };

const NAME = /^[a-z0-9][a-z0-9-]{0,48}$/;

/** `name=value`, comma separated; undefined for a text that is not. */
function pairs(text: string): (readonly [string, string])[] | undefined {
  const parts = text.split(/,(?=\s*[a-z0-9-]+=)/).map((part) => part.trim());
  const named = parts.filter((part) => part !== '').map((part) => /^([^=]+)=(.+)$/.exec(part));
  const found = named.flatMap((match) => (match ? [[match[1] ?? '', match[2] ?? ''] as const] : []));
  const names = new Set(found.map(([name]) => name));
  return found.length === named.length && names.size === found.length && found.every(([name]) => NAME.test(name))
    ? found
    : undefined;
}

/** A feed's address may hold commas, but not another feed: that would be one whose name is wrong. */
const isHttp = (url: string) =>
  URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol) && !/,[^,=]*=\s*https?:/i.test(url);

const providersSetting = z
  .string()
  .refine((text) => pairs(text)?.every(([, url]) => isHttp(url)) ?? false, {
    error: 'must be name=url, several with commas between, each name once and in lower case',
  })
  .transform((text): NamedFeed[] => (pairs(text) ?? []).map(([name, url]) => ({ name, url })));

const timeZonesSetting = z
  .string()
  .refine((text) => pairs(text)?.every(([, zone]) => isTimeZone(zone)) ?? false, {
    error: 'must be name=time zone, such as centro=Europe/Madrid, several with commas between',
  })
  .transform((text): ReadonlyMap<string, string> => new Map(pairs(text) ?? []));

/** The settings of the listings; the frame adds them to its own. */
export const listingsSettings = z.object({
  LISTING_PROVIDERS: setting(
    '',
    providersSetting,
    'Providers of listings: name=url of an XML feed, several with commas between.',
  ),
  LISTING_TIME_ZONES: setting(
    '',
    timeZonesSetting,
    'Time zones of the providers: name=Europe/Madrid, several with commas between; UTC for those that are not named.',
  ),
  LISTING_MAX_MEGABYTES: setting(
    '2000',
    wholeNumber(1, 1_000_000),
    'The largest feed that is read, in megabytes once it is unpacked.',
  ),
  LISTING_STALL_SECONDS: setting('60', wholeNumber(1, 240), 'How long a provider may send nothing.'),
  LISTING_MAX_MINUTES: setting('60', wholeNumber(1, 1_440), 'How long a whole feed may take.'),
});

export type ListingsSettings = z.output<typeof listingsSettings>;

export const providersOf = ({ LISTING_PROVIDERS, LISTING_TIME_ZONES }: ListingsSettings): ListingProvider[] =>
  LISTING_PROVIDERS.map((feed) => ({ ...feed, timeZone: LISTING_TIME_ZONES.get(feed.name) ?? 'UTC' }));
