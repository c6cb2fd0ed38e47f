import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** https://www.iana.org/assignments/iana-ipv4-special-registry: what is not everybody's, and where clouds keep their secrets. */
const PRIVATE_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Of the global unicast addresses: protocols, tunnels that hold an IPv4 address, and documentation. */
const PRIVATE_IPV6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const ipv4 = listOf(PRIVATE_IPV4, 'ipv4');
const ipv6 = listOf(PRIVATE_IPV6, 'ipv6');
const globalUnicast = listOf([['2000::', 3]], 'ipv6');

/**
 * Whether an IP address is any but a public one: loopback, private, link-local, of a cloud's metadata, multicast, reserved. What is
 * no address is private too.
 */
export function isPrivate(address: string): boolean {
  if (isIPv4(address)) return ipv4.check(address, 'ipv4');
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return true;
  const mapped = mappedIpv4(plain);
  if (mapped !== undefined) return ipv4.check(mapped, 'ipv4');
  return !globalUnicast.check(plain, 'ipv6') || ipv6.check(plain, 'ipv6');
}

/** The IPv4 address in `::ffff:10.0.0.1`, however that is written. */
function mappedIpv4(address: string): string | undefined {
  const normal = new URL(`http://[${address}]`).hostname;
  const found = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(normal);
  if (!found) return undefined;
  const [high, low] = [Number.parseInt(found[1] ?? '', 16), Number.parseInt(found[2] ?? '', 16)];
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function listOf(ranges: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of ranges) list.addSubnet(address, prefix, family);
  return list;
}
