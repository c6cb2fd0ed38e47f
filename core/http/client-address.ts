import type { IncomingMessage } from 'node:http';

/** The address of the client that a request comes from. */
export type ClientAddressOf = (req: IncomingMessage) => string;

const IPV4_IN_IPV6 = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

/**
 * Each proxy adds the address that it was asked by to the end of `X-Forwarded-For`, so only as many of them can be
 * believed as there are proxies, counted from the end: whatever stands before was written by the client.
 * @param trustedProxies how many proxies stand in front of the service; 0 believes no header
 */
export function clientAddress(trustedProxies: number): ClientAddressOf {
  if (trustedProxies === 0) return addressOf;
  return (req) => {
    const forwarded = String(req.headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((address) => address.trim())
      .filter((address) => address !== '');
    return forwarded.at(-Math.min(trustedProxies, forwarded.length)) ?? addressOf(req);
  };
}

const addressOf: ClientAddressOf = (req) => (req.socket.remoteAddress ?? '').replace(IPV4_IN_IPV6, '');
