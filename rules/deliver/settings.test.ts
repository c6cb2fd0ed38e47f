import { expect, it } from 'vitest';
import { allowsPrivate } from './settings.ts';

const auto = { DELIVERIES_ALLOW_PRIVATE: 'auto' } as const;

it('lets deliveries go to private addresses only while developing on a loopback address, or as it is told', () => {
  const dev = { auth: 'open', host: '127.0.0.1', publishedHost: '' } as const;

  expect(allowsPrivate(auto, dev)).toBe(true);
  expect(allowsPrivate(auto, { ...dev, host: '0.0.0.0', publishedHost: '127.0.0.1' })).toBe(true);
  expect(allowsPrivate(auto, { ...dev, auth: 'required' })).toBe(false);
  expect(allowsPrivate(auto, { ...dev, host: '0.0.0.0' })).toBe(false);
  expect(allowsPrivate(auto, { ...dev, publishedHost: '10.0.0.5' })).toBe(false);
  expect(allowsPrivate({ DELIVERIES_ALLOW_PRIVATE: 'no' }, dev)).toBe(false);
  expect(allowsPrivate({ DELIVERIES_ALLOW_PRIVATE: 'yes' }, { ...dev, auth: 'required' })).toBe(true);
});
