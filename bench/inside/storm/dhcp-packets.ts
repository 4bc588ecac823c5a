import { readFileSync } from 'node:fs';
import { fromHex, writeU16, writeU32 } from '#shared/bytes.ts';
import { optionAt } from './dhcp-answer.ts';
import type { Machine } from './machine.ts';

/** Offsets of RFC 2131's figure 1. */
const at = { hops: 3, xid: 4, secs: 8, giaddr: 24, chaddr: 28, options: 240 } as const;

const [vendorClass, requestedAddress, serverId, clientId, clientArch, clientUuid] = [60, 50, 54, 61, 93, 97];

/** A captured request with the places in it that are a machine's own. */
export class Captured {
  readonly bytes: Uint8Array;
  readonly #uuid: number;
  readonly #client: number | undefined;
  readonly #requested: number | undefined;
  readonly #server: number | undefined;

  /** @param name of a file of test/fixtures/captures */
  constructor(name: string) {
    const path = new URL(`../../../test/fixtures/captures/${name}.hex`, import.meta.url);
    const bytes = fromHex(readFileSync(path, 'utf8'));
    if (bytes === undefined) throw new Error(`${name} is no capture`);
    this.bytes = bytes;
    bytes[at.hops] = 1;
    const arch = this.#place(clientArch);
    const vendor = this.#place(vendorClass);
    if (arch === undefined || vendor === undefined) throw new Error(`${name} does not boot from the network`);
    // A BIOS: the ROMs of both kinds send the same options, and the loader of a BIOS is the small one.
    writeU16(bytes, arch, 0);
    bytes.set(Buffer.from('00000'), vendor + 'PXEClient:Arch:'.length);
    // Its last four bytes.
    this.#uuid = (this.#place(clientUuid) ?? 0) + 13;
    this.#client = this.#place(clientId);
    this.#requested = this.#place(requestedAddress);
    this.#server = this.#place(serverId);
  }

  /** The same from a machine behind its relay; good until the next call. */
  from(machine: Machine, server: number, secs: number): Uint8Array {
    const { bytes } = this;
    writeU32(bytes, at.xid, machine.xid);
    writeU16(bytes, at.secs, secs);
    writeU32(bytes, at.giaddr, machine.relay);
    writeMac(bytes, at.chaddr, machine.mac);
    writeU32(bytes, this.#uuid, machine.number);
    // Its first byte says that a MAC follows (RFC 2132 §9.14).
    if (this.#client !== undefined) writeMac(bytes, this.#client + 1, machine.mac);
    if (this.#requested !== undefined) writeU32(bytes, this.#requested, machine.address);
    if (this.#server !== undefined) writeU32(bytes, this.#server, server);
    return bytes;
  }

  #place(code: number): number | undefined {
    return optionAt(this.bytes, code)?.start;
  }
}

function writeMac(bytes: Uint8Array, offset: number, mac: number): void {
  writeU16(bytes, offset, Math.floor(mac / 0x1_0000_0000));
  writeU32(bytes, offset + 2, mac % 0x1_0000_0000);
}
