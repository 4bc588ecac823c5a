import { anyAddress, broadcastAddress, type Ip4 } from '#shared/ip4.ts';
import { clientPort, serverPort } from '../wire/codes.ts';
import type { Turn } from './reservation.ts';

/** Where a reply goes. */
export interface Destination {
  readonly address: Ip4;
  readonly port: number;
}

interface Asked {
  readonly giaddr: Ip4;
  readonly ciaddr: Ip4;
  readonly source: Destination;
}

/**
 * RFC 2131 §4.1, with Smee's simplification: a client without an address is always answered by broadcast, whatever its
 * broadcast flag, since a unicast to it needs an ARP entry that nobody has. The port is where the request came from, which is
 * 68 for every client but those of tests and of NAT.
 */
export function destination(say: Turn['say'], { giaddr, ciaddr, source }: Asked): Destination {
  const { port } = source;
  // §4.3.5: straight to the client, which has an address, also when a relay sent the request on, from a port of its own.
  if (say === 'INFORM-ACK' && ciaddr !== anyAddress) {
    return { address: ciaddr, port: giaddr === anyAddress ? port : clientPort };
  }
  if (giaddr !== anyAddress) return { address: giaddr, port: serverPort };
  // §4.1: the client may not have the address that it says; everyone on the link hears a broadcast.
  if (say === 'NAK' || source.address === anyAddress) return { address: broadcastAddress, port };
  return source;
}
