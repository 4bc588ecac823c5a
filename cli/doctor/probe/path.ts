import { formatIp4, type Ip4, maskOf, sameNetwork } from '#shared/ip4.ts';
import type { InterfaceFact, PathFact, RecordFact } from '../facts.ts';
import { command } from './command.ts';
import { neighboursOf } from './neighbours.ts';

/** Enough to tell a way from a host; each is pinged a dozen times at the most. */
const maxAsked = 24;
const maxHosts = 4;

/** IP's and ICMP's headers. */
const headers = 28;

/** Ethernet's: machines that boot have no larger one, whatever our interface has. */
const usualMtu = 1500;

/** What tunnels and badly set switches leave over, in bytes of IP. */
const sizes = [1492, 1480, 1454, 1440, 1420, 1400, 1376, 1280, 1024, 576];

/**
 * Pings hosts that live on an interface, in packets that may not be taken apart: those that the kernel knows, gateways and machines of
 * records. Empty when nobody answers a short ping.
 */
export async function probePath(
  link: InterfaceFact,
  records: readonly RecordFact[],
): Promise<readonly PathFact[]> {
  const onLink = (address: Ip4) =>
    link.networks.some(
      (one) => one.address !== address && sameNetwork(address, one.address, maskOf(one.prefix)),
    );
  const named = records.flatMap(({ gateway, address }) => [gateway, address]);
  const known = (await neighboursOf(link.name)).map(({ address }) => address);
  const addresses = named.flatMap((one) => (one !== undefined && onLink(one) ? [formatIp4(one)] : []));
  const asked = [...new Set([...known, ...addresses])].slice(0, maxAsked);
  const live = await Promise.all(
    asked.map(async (host) => ((await answers(link, host, 84)) ? host : undefined)),
  );
  const hosts = live.filter((host) => host !== undefined).slice(0, maxHosts);
  const measured = await Promise.all(hosts.map(async (host) => await measure(link, host)));
  return measured.flatMap((fact) => fact ?? []);
}

/** undefined for a host that answers no middling packet either: it limits pings, and says nothing about the way. */
async function measure(link: InterfaceFact, host: string): Promise<PathFact | undefined> {
  const mtu = Math.min(link.mtu, usualMtu);
  const fact = { interface: link.name, host, mtu };
  if (await answers(link, host, mtu)) return { ...fact, passes: mtu };
  const smaller = sizes.filter((size) => size < mtu);
  const passed = await Promise.all(
    smaller.map(async (size) => ((await answers(link, host, size)) ? size : 0)),
  );
  const passes = Math.max(...passed, 0);
  return passes === 0 ? undefined : { ...fact, passes };
}

/** @param size bytes of IP */
async function answers({ name }: InterfaceFact, host: string, size: number): Promise<boolean> {
  const args = [
    '-n',
    '-q',
    '-c',
    '2',
    '-i',
    '0.3',
    '-W',
    '1',
    '-M',
    'do',
    '-s',
    String(size - headers),
    '-I',
    name,
    host,
  ];
  return (await command('ping', args))?.code === 0;
}
