import { equal } from '#shared/bytes.ts';
import { MalformedError } from '#shared/errors.ts';
import { formatIp4 } from '#shared/ip4.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import type { DatagramInfo, Outgoing } from '#shared/udp/engine.ts';
import { refusal } from './decide/refuse.ts';
import { type OpenWay, type Origin, ReadRequests, type ReadRequestsParts } from './read-requests.ts';
import type { Peer } from './transfers.ts';
import { decode, type ErrorPacket, encode, type Packet, type Request } from './wire/packet.ts';

type Reply = Outgoing | undefined;

/** What happens with one datagram: decode, find its transfer, let the protocol decide, send what it says. */
export class TftpHandler {
  readonly reads: ReadRequests;
  readonly #parts: ReadRequestsParts;
  /** Lines about strangers' packets: whoever sends many does not fill the disk. */
  readonly #lines = new RateLimit(1, 10);
  /** ERRORs to strangers: nobody floods a third party through us. */
  readonly #answers = new RateLimit(10, 20);

  constructor(parts: ReadRequestsParts) {
    this.#parts = parts;
    this.reads = new ReadRequests(parts);
  }

  /** Takes a datagram that came to the listening port. `open` gives a new request its way out. */
  receive(datagram: Uint8Array, info: DatagramInfo, open: OpenWay): Reply {
    if (!this.#isForUs(info)) return undefined;
    const packet = this.#decode(datagram, info);
    if (packet === undefined) return undefined;
    const origin = originOf(info);
    switch (packet.op) {
      case 'RRQ':
        return this.#to(origin, this.#read(packet, datagram, origin, open));
      case 'WRQ':
        return this.#to(origin, this.reads.refuse(packet, origin, 'write-refused'));
      default:
        return this.#to(origin, this.#goOn(packet, origin));
    }
  }

  /** Takes a datagram that came to the own port of the transfer with `peer`. */
  receiveOwn(datagram: Uint8Array, info: DatagramInfo, peer: Peer): Reply {
    const packet = this.#decode(datagram, info);
    if (packet === undefined) return undefined;
    const origin = originOf(info);
    // RFC 1350 §4: a packet from elsewhere is answered with an ERROR, and the transfer goes on unharmed.
    const known = origin.address === peer.address && origin.port === peer.port;
    return this.#to(origin, known ? this.#goOn(packet, origin) : this.#stray(packet, origin, 'foreign-port'));
  }

  /** Silence, and no ERROR, to an address that no record has: it may be a victim's. */
  #isForUs(info: DatagramInfo): boolean {
    const { settings, shelves } = this.#parts;
    if (!settings.tftpKnownClientsOnly || shelves.machines.byIp(info.sourceAddress).length > 0) return true;
    this.#dropped(originOf(info), 'unknown-machine', 'tftp-known-clients-only');
    return false;
  }

  #read(request: Request, datagram: Uint8Array, origin: Origin, open: OpenWay): ErrorPacket | undefined {
    const entry = this.reads.transfers.get(origin);
    if (entry !== undefined) {
      // One file at a time is opened for a peer, whatever else it asks for meanwhile: it has no answer yet, and asks again.
      if (entry.transfer.stage === 'opening') return undefined;
      const repeated = equal(entry.request, datagram);
      if (repeated && !entry.transfer.take({ kind: 'request' })) return undefined;
      entry.transfer.end('aborted'); // the client has given it up for this one
    }
    return this.reads.accept(request, datagram, origin, open);
  }

  #goOn(packet: Packet, origin: Origin): ErrorPacket | undefined {
    const transfer = this.reads.transfers.hear(origin)?.transfer;
    if (transfer === undefined) {
      return this.reads.transfers.hasJustFinished(origin)
        ? undefined
        : this.#stray(packet, origin, 'no-transfer');
    }
    if (packet.op === 'ACK' || packet.op === 'ERROR') this.reads.unanswered.answered(origin.address);
    if (packet.op === 'ACK') transfer.take({ kind: 'ack', block: packet.block });
    else if (packet.op === 'ERROR') transfer.take({ kind: 'error', code: packet.code });
    else this.#parts.metrics.dropped.inc({ why: 'bad-request' });
    return undefined;
  }

  /** An ERROR is never answered with an ERROR (RFC 1350 §7). */
  #stray(packet: Packet, origin: Origin, why: 'no-transfer' | 'foreign-port'): ErrorPacket | undefined {
    this.#dropped(origin, why, packet.op);
    return packet.op !== 'ERROR' && this.#answers.allow() ? refusal(why) : undefined;
  }

  #decode(datagram: Uint8Array, info: DatagramInfo): Packet | undefined {
    try {
      return decode(datagram);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#dropped(originOf(info), 'malformed', error.message);
      return undefined;
    }
  }

  /** What is answered at once is an ERROR to somebody who need not be there. */
  #to(origin: Origin, packet: ErrorPacket | undefined): Reply {
    if (packet === undefined) return undefined;
    const bytes = encode(packet);
    if (!this.reads.maySend(origin, bytes.length)) return undefined;
    const { address, port, localAddress } = origin;
    return { bytes, address, port, sourceAddress: localAddress };
  }

  #dropped(
    origin: Origin,
    why: 'malformed' | 'no-transfer' | 'foreign-port' | 'unknown-machine',
    what: string,
  ): void {
    const { metrics, log } = this.#parts;
    metrics.dropped.inc({ why });
    if (!this.#lines.allow()) return;
    const peer = `${formatIp4(origin.address)}:${origin.port}`;
    log.warn(
      { peer, mac: this.reads.macAt(origin), why, what, suppressed: this.#lines.takeSuppressed() },
      'dropped',
    );
  }
}

/** The engine reuses its object. */
function originOf(info: DatagramInfo): Origin {
  const { sourceAddress, sourcePort, localAddress, ifindex } = info;
  return { address: sourceAddress, port: sourcePort, localAddress, ifindex };
}
