import { broadcastOf, formatIp4, type Ip4, parseIp4, sameNetwork } from '#shared/ip4.ts';
import type { Mac } from '#shared/mac.ts';
import type { NewRecord } from '../wire/api.ts';

/** Of the records that there are: what a new one should fit in with. */
export interface Neighbour {
  readonly name: string;
  readonly address: string;
  readonly netmask: string;
  readonly gateway: string;
}

/**
 * A record for a machine that has none, filled in as far as its neighbours tell: the network that most of them are in, and the
 * first address after theirs. Where they tell nothing the fields are empty.
 */
export function suggestRecord(mac: Mac, neighbours: readonly Neighbour[]): NewRecord {
  const network = usualNetwork(neighbours);
  return {
    name: freeName(mac, new Set(neighbours.map(({ name }) => name))),
    mac,
    fields: {
      address: network === undefined ? '' : freeAddress(network, neighbours),
      netmask: network?.netmask ?? '',
      gateway: network?.gateway ?? '',
      hostname: '',
      arch: '',
      allowPxe: true,
      disableDhcp: false,
    },
  };
}

interface Network {
  readonly base: Ip4;
  readonly mask: Ip4;
  readonly netmask: string;
  readonly gateway: string;
}

function usualNetwork(neighbours: readonly Neighbour[]): Network | undefined {
  const found = new Map<string, { readonly network: Network; count: number }>();
  for (const { address, netmask, gateway } of neighbours) {
    const [ip, mask] = [parseIp4(address), parseIp4(netmask)];
    if (ip === undefined || mask === undefined) continue;
    const base = (ip & mask) >>> 0;
    const key = `${base} ${mask} ${gateway}`;
    const known = found.get(key) ?? { network: { base, mask, netmask, gateway }, count: 0 };
    known.count++;
    found.set(key, known);
  }
  return [...found.values()].toSorted((a, b) => b.count - a.count)[0]?.network;
}

/** After the highest that is taken; when there is none after it, the first gap; empty when the network is full. */
function freeAddress({ base, mask, gateway }: Network, neighbours: readonly Neighbour[]): string {
  const used = [...neighbours.map(({ address }) => address), gateway].map(parseIp4);
  const taken = new Set(used.filter((ip) => ip !== undefined && sameNetwork(ip, base, mask)));
  const last = broadcastOf(base, mask) - 1;
  let highest = base;
  // A gateway at the end of its network is no reason to begin behind it.
  for (const { address } of neighbours) {
    const ip = parseIp4(address);
    if (ip !== undefined && taken.has(ip) && ip > highest) highest = ip;
  }
  for (let ip = highest + 1; ip <= last; ip++) if (!taken.has(ip)) return formatIp4(ip);
  for (let ip = base + 1; ip < highest; ip++) if (!taken.has(ip)) return formatIp4(ip);
  return '';
}

function freeName(mac: Mac, taken: ReadonlySet<string>): string {
  const parts = mac.split(':');
  const short = `machine-${parts.slice(3).join('')}`;
  return taken.has(short) ? `machine-${parts.join('')}` : short;
}
