import type { IncomingMessage } from 'node:http';

/** The address of the client that a request comes from. */
export type ClientAddressOf = (req: IncomingMessage) => string;

const IPV4_IN_IPV6 = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

/**
 * Each proxy appends the address of its own client to `X-Forwarded-For`, so only as many addresses as there are proxies can be
 * trusted, counted from the end: the client wrote the others.
 * @param trustedProxies how many proxies stand in front of the service; 0 ignores the header
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
