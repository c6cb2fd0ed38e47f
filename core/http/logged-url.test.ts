import { expect, it } from 'vitest';
import { loggedUrl } from './logged-url.ts';

it.each([
  ['/stats?access_token=canary', '/stats?access_token=…'],
  ['/stats?limit=1&Access_Token=canary&order=asc', '/stats?limit=1&Access_Token=…&order=asc'],
  ['/token?username=ann&password=can%26ary', '/token?username=ann&password=…'],
  ['/token?client_secret=canary&token=canary', '/token?client_secret=…&token=…'],
  ['/running?from=2026-01-01T00:00:00Z&tokens=3', '/running?from=2026-01-01T00:00:00Z&tokens=3'],
  ['/', '/'],
  [undefined, undefined],
])('a log has %s as %s', (url, logged) => {
  expect(loggedUrl(url)).toBe(logged);
});
