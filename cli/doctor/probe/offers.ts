import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { broadcastAddress, formatIp4 } from '#shared/ip4.ts';
import { openUdp } from '#shared/udp/open.ts';
import {
  DISCOVER,
  formatMessage,
  newXid,
  OFFER,
  parseReply,
  textOption,
  typeOf,
} from '../../simulate/dhcp.ts';
import type { InterfaceFact, OfferFact } from '../facts.ts';
import { command } from './command.ts';
import { neighboursOf } from './neighbours.ts';

/** How long others may think about it, in milliseconds: dnsmasq pings an address for three seconds before it offers it. */
const listenFor = 4500;
const sayAgainAfter = 1500;

/** How the doctor's MACs begin: locally administered, and easily known in a log. */
export const macPrefix = '02:5d:0c';

/** What an ordinary host says, and what PXE firmware does: a proxyDHCP server hears only the second. */
const clients: readonly Readonly<Record<number, unknown>>[] = [
  { 55: [1, 3, 6, 54], 60: 'smee-doctor' },
  {
    55: [1, 3, 6, 43, 54, 60, 66, 67],
    60: 'PXEClient:Arch:00007:UNDI:003010',
    93: [7],
    94: [1, 3, 10],
    97: [0, ...Buffer.from('smee-doctor-0000')],
  },
];

/**
 * Broadcasts two DISCOVERs on an interface, under a MAC of their own, and collects who offers what. Nothing is asked for: no REQUEST
 * follows, and servers forget their offer.
 *
 * @throws {SmeeError} when port 68 cannot be had on the interface
 */
export async function probeOffers({ name, index, networks }: InterfaceFact): Promise<readonly OfferFact[]> {
  const mac = [macPrefix, ...(randomBytes(3).toString('hex').match(/../g) ?? [])].join(':');
  const says = clients.map((options) => ({ xid: newXid(), options }));
  const heard: Omit<OfferFact, 'mac'>[] = [];
  const socket = openUdp({
    address: 0,
    port: 68,
    device: name,
    onError: () => undefined,
    handle(datagram, { sourceAddress: from }) {
      // A copy, and a Buffer: the package reads with its methods.
      const copy = Buffer.from(datagram);
      const reply = says.map(({ xid }) => parseReply(copy, xid)).find((one) => one !== undefined);
      if (reply === undefined || typeOf(reply) !== OFFER) return undefined;
      const { yiaddr: offered, file, options } = reply;
      const boots =
        file !== '' || textOption(reply, 67) !== '' || textOption(reply, 60).startsWith('PXEClient');
      const serverId = typeof options[54] === 'string' ? options[54] : '';
      heard.push({ interface: name, from, serverId, offered, boots });
      return undefined;
    },
  });
  try {
    for (const wait of [sayAgainAfter, listenFor - sayAgainAfter]) {
      for (const { xid, options } of says) {
        const bytes = formatMessage({ type: DISCOVER, options, broadcast: true }, xid, mac);
        socket.send({
          bytes,
          address: broadcastAddress,
          port: 67,
          ifindex: index,
          sourceAddress: networks[0]?.address,
        });
      }
      await delay(wait);
    }
  } finally {
    await socket.close();
  }
  // A broadcast answer leaves no trace in the kernel's table: a ping, answered or not, makes it ask for the MAC.
  const servers = new Set(heard.map(({ from }) => formatIp4(from)));
  await Promise.all(
    [...servers].map(async (host) => await command('ping', ['-n', '-c', '1', '-W', '1', '-I', name, host])),
  );
  const neighbours = await neighboursOf(name);
  return heard.map((offer) => ({
    ...offer,
    mac: neighbours.find(({ address }) => address === formatIp4(offer.from))?.mac,
  }));
}
