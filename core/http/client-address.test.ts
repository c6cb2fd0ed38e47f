import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';

function request(remoteAddress: string, forwarded?: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  const req = new IncomingMessage(socket);
  if (forwarded !== undefined) req.headers['x-forwarded-for'] = forwarded;
  return req;
}

describe('clientAddress', () => {
  it('believes no header when no proxy is trusted, also from this machine', () => {
    const addressOf = clientAddress(0);

    expect(addressOf(request('127.0.0.1', '203.0.113.7'))).toBe('127.0.0.1');
    expect(addressOf(request('::ffff:198.51.100.4'))).toBe('198.51.100.4');
  });

  it.each([
    [1, '203.0.113.7', '203.0.113.7'],
    [1, 'made up, 203.0.113.7', '203.0.113.7'],
    [2, 'made up, 203.0.113.7, 10.0.0.1', '203.0.113.7'],
    [2, '10.0.0.1', '10.0.0.1'],
    [1, ' , ', '127.0.0.1'],
    [1, undefined, '127.0.0.1'],
  ])('with %s trusted, of "%s" it is %s', (trusted, forwarded, client) => {
    expect(clientAddress(trusted)(request('127.0.0.1', forwarded))).toBe(client);
  });
});
