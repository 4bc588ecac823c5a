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

/** Whether there is a record of that name, or with that address. */
type Question = { readonly name: string } | { readonly ip: string };

/**
 * A record for a machine that has none, filled in as far as its neighbours tell: the network that most of them are in, and the
 * first address after theirs. Where they tell nothing the fields are empty.
 *
 * However many records there are, only some need be looked at: what is not known of the rest it asks, a few dozen questions.
 * @param neighbours some of the records
 */
export function* suggest(
  mac: Mac,
  neighbours: readonly Neighbour[],
): Generator<Question, NewRecord, boolean> {
  const network = usualNetwork(neighbours);
  return {
    name: yield* freeName(mac, new Set(neighbours.map(({ name }) => name))),
    mac,
    fields: {
      address: network === undefined ? '' : yield* freeAddress(network, neighbours),
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

/** Addresses that are asked for one by one, where there is none behind the highest. */
const mostGaps = 256;

/** After the highest that is taken; when there is none after it, the first gap; empty when the network is full. */
function* freeAddress(
  network: Network,
  neighbours: readonly Neighbour[],
): Generator<Question, string, boolean> {
  const { base, mask, gateway } = network;
  const used = [...neighbours.map(({ address }) => address), gateway].map(parseIp4);
  const taken = new Set(used.filter((ip) => ip !== undefined && sameNetwork(ip, base, mask)));
  const isTaken = function* (ip: Ip4): Generator<Question, boolean, boolean> {
    return taken.has(ip) || (yield { ip: formatIp4(ip) });
  };
  const last = broadcastOf(base, mask) - 1;
  let highest = base;
  // A gateway at the end of its network is no reason to begin behind it.
  for (const { address } of neighbours) {
    const ip = parseIp4(address);
    if (ip !== undefined && taken.has(ip) && ip > highest) highest = ip;
  }
  const after = yield* firstAfter(highest, last, isTaken);
  if (after !== undefined) return formatIp4(after);
  for (let ip = base + 1, asked = 0; ip < highest && asked < mostGaps; ip++) {
    if (taken.has(ip)) continue;
    asked++;
    if (!(yield* isTaken(ip))) return formatIp4(ip);
  }
  return '';
}

type IsTaken = (ip: Ip4) => Generator<Question, boolean, boolean>;

/**
 * A free address with a taken one right before it: found in steps that double, then by halves, so that a hundred thousand machines
 * behind those that were looked at cost three dozen questions.
 */
function* firstAfter(
  highest: Ip4,
  last: Ip4,
  isTaken: IsTaken,
): Generator<Question, Ip4 | undefined, boolean> {
  let before = highest;
  for (let step = 1; ; step *= 2) {
    const next: Ip4 = Math.min(highest + step, last);
    if (next <= before) return undefined;
    if (!(yield* isTaken(next))) return yield* firstBetween(before, next, isTaken);
    before = next;
  }
}

function* firstBetween(taken: Ip4, free: Ip4, isTaken: IsTaken): Generator<Question, Ip4, boolean> {
  if (free - taken === 1) return free;
  const middle = taken + Math.floor((free - taken) / 2);
  return (yield* isTaken(middle))
    ? yield* firstBetween(middle, free, isTaken)
    : yield* firstBetween(taken, middle, isTaken);
}

function* freeName(mac: Mac, taken: ReadonlySet<string>): Generator<Question, string, boolean> {
  const parts = mac.split(':');
  const short = `machine-${parts.slice(3).join('')}`;
  const isTaken = taken.has(short) || (yield { name: short });
  return isTaken ? `machine-${parts.join('')}` : short;
}
