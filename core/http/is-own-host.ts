import { isLoopback } from '../config/is-loopback.ts';

/** Whether a `Host` header names this service. */
export type IsOwnHost = (host: string) => boolean;

const HOST = /^(?:\[([\da-f:.]+)\]|([^\s:@/\\?#[\]]+))(?::\d{0,5})?$/i;
const MAX_KNOWN = 1_000;

/**
 * Only loopback names and those of `ALLOWED_HOSTS`, on any port: a page that has its own name point at this machine (DNS
 * rebinding) sends that name, and gets no answer to read.
 */
export function ownHosts(allowedHosts: readonly string[]): IsOwnHost {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  /** Headers seen and found to be ours: nearly every request has one of very few. */
  const known = new Set<string>();
  return (host) => {
    if (known.has(host)) return true;
    const [, address, name] = HOST.exec(host) ?? [];
    const plain = (address ?? name ?? '').toLowerCase().replace(/\.$/, '');
    if (!isLoopback(plain) && !plain.endsWith('.localhost') && !allowed.has(plain)) return false;
    if (known.size < MAX_KNOWN) known.add(host);
    return true;
  };
}
