import { describe, expect, it } from 'vitest';
import { ownHosts } from './is-own-host.ts';

const isOwnHost = ownHosts(['receiver', 'Millrace.example']);

describe('ownHosts', () => {
  it.each([
    ...['localhost', 'LOCALHOST:8081', 'localhost.:8081', 'app.localhost', '127.0.0.1:8081', '127.9.9.9', '[::1]:8081'],
    ...['receiver', 'receiver:8081', 'millrace.EXAMPLE:443', 'millrace.example.'],
  ])('knows %s', (host) => {
    expect([isOwnHost(host), isOwnHost(host)]).toEqual([true, true]);
  });

  it.each([
    ...[
      'evil.example',
      'evil.example:8081',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '127.0.0.1@evil.example',
    ],
    ...['10.0.0.1', '0.0.0.0', '[::]', '::1', 'receiver.evil.example', 'xreceiver', 'constructor', '', ':8081'],
    ...['localhost:80:80', 'localhost/evil', 'evil.example#localhost', 'local host'],
  ])('does not know "%s"', (host) => {
    expect(isOwnHost(host)).toBe(false);
  });
});
