import { BlockList, isIPv6 } from 'node:net';

/**
 * How near to this host an address is: the whole Internet (0), a private network (1), or this host itself (2). Undefined for
 * addresses that nothing is ever fetched from: link-local (where clouds keep their credentials), multicast, broadcast, "any".
 */
export type Nearness = 0 | 1 | 2;

export function nearnessOf(address: string): Nearness | undefined {
  const plain = plainAddress(address);
  const family = isIPv6(plain) ? 'ipv6' : 'ipv4';
  if (never.check(plain, family)) return undefined;
  if (ourselves.check(plain, family)) return 2;
  return private_.check(plain, family) ? 1 : 0;
}

const never = networks('0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3', '::/128', 'fe80::/10', 'ff00::/8');
const ourselves = networks('127.0.0.0/8', '::1/128');
const private_ = networks(
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  'fc00::/7',
  'fec0::/10',
);

/** The IPv4 address that an IPv6 one stands for, where it is nothing else: mapped (RFC 4291 §2.5.5.2) or NAT64 (RFC 6052). */
function plainAddress(address: string): string {
  const [bare = ''] = address.replace(/^\[|\]$/g, '').split('%');
  if (!isIPv6(bare)) return bare;
  const { hostname } = new URL(`http://[${bare}]/`);
  const [, high, low] = /^\[(?:::ffff|64:ff9b:):([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname) ?? [];
  if (high === undefined || low === undefined) return bare;
  const [one, two] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return `${one >>> 8}.${one & 255}.${two >>> 8}.${two & 255}`;
}

function networks(...texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', prefix] = text.split('/');
    list.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}
