import { describe, expect, it } from 'vitest';
import { listingsSettings, providersOf } from './listings-settings.ts';

describe('LISTING_PROVIDERS', () => {
  it('names any number of feeds, whose addresses may hold commas, each with its time zone', () => {
    const settings = listingsSettings.parse({
      LISTING_PROVIDERS: 'centro=https://a.example/feed?ids=1,2&x=y, norte=http://b.example/',
      LISTING_TIME_ZONES: 'centro=Europe/Madrid',
    });

    expect(providersOf(settings)).toEqual([
      { name: 'centro', url: 'https://a.example/feed?ids=1,2&x=y', timeZone: 'Europe/Madrid' },
      { name: 'norte', url: 'http://b.example/', timeZone: 'UTC' },
    ]);
  });

  it('may be empty', () => {
    expect(providersOf(listingsSettings.parse({}))).toEqual([]);
  });

  it.each([
    'centro',
    'centro=ftp://x',
    'Centro=http://x',
    'a=http://x,a=http://y',
    'a b=http://x',
    'a=http://x,B=http://y',
  ])('is refused: %s', (text) => {
    expect(listingsSettings.safeParse({ LISTING_PROVIDERS: text }).success).toBe(false);
  });

  it('wants time zones that there are', () => {
    expect(listingsSettings.safeParse({ LISTING_TIME_ZONES: 'centro=Mars/Olympus' }).success).toBe(false);
  });
});
