import { writeU32 } from '#shared/bytes.ts';
import type { Ip4 } from '#shared/ip4.ts';
import type { Outgoing } from '#shared/udp/engine.ts';
import { addressOfMachine, firstMac } from '../records.ts';

/** Offsets of RFC 2131's figure 1. */
export const at = { xid: 4, yiaddr: 16, giaddr: 24, chaddr: 28, cookie: 236, options: 240 } as const;

export const magicCookie = 0x6382_5363;

/** Values of option 53. */
export const [DISCOVER, OFFER, REQUEST, ACK] = [1, 2, 3, 5] as const;

/** In our own requests: option 53 first, then 50 and 54. */
const requestedAt = at.options + 3 + 2;
const serverIdAt = requestedAt + 4 + 2;

/** Nobody asks for more than perfdhcp does: option 55 with seven codes. */
const parameterList = [55, 7, 1, 28, 2, 3, 15, 6, 12];

/** What the machines behind our relay say. Both packets are made beforehand; bytes are good until the next one is asked for. */
export class DhcpMachines {
  readonly #discover: Outgoing;
  readonly #request: Outgoing;

  /** @param relay our address: what the machines' relay says who it is */
  constructor(server: { address: Ip4; port: number }, relay: Ip4) {
    const template = (...options: readonly number[]): Outgoing => {
      const bytes = new Uint8Array(300);
      bytes.set([1, 1, 6, 1]);
      writeU32(bytes, at.giaddr, relay);
      writeU32(bytes, at.cookie, magicCookie);
      bytes.set([...options, ...parameterList, 255], at.options);
      return { ...server, bytes };
    };
    this.#discover = template(53, 1, DISCOVER);
    this.#request = template(53, 1, REQUEST, 50, 4, 0, 0, 0, 0, 54, 4, 0, 0, 0, 0);
    writeU32(this.#request.bytes, serverIdAt, server.address);
  }

  discover(machine: number, xid: number): Outgoing {
    writeMachine(this.#discover.bytes, machine, xid);
    return this.#discover;
  }

  request(machine: number, xid: number): Outgoing {
    const { bytes } = this.#request;
    writeMachine(bytes, machine, xid);
    writeU32(bytes, requestedAt, addressOfMachine(machine));
    return this.#request;
  }
}

function writeMachine(bytes: Uint8Array, machine: number, xid: number): void {
  writeU32(bytes, at.xid, xid);
  writeMac(bytes, machine);
}

export function writeMac(bytes: Uint8Array, machine: number): void {
  const mac = firstMac + machine;
  writeU32(bytes, at.chaddr + 2, mac % 0x1_0000_0000);
  bytes[at.chaddr] = mac / 0x100_0000_0000;
  bytes[at.chaddr + 1] = mac / 0x1_0000_0000;
}
