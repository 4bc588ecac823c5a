import { cmsghdr, iovec, mmsghdr, sockaddrIn } from './layout.ts';
import { type Libc, pinned } from './libc.ts';

/** Room for the control data of one message: SO_RXQ_OVFL (24 bytes with header and padding) and IP_PKTINFO (32). */
export const controlSize = 64;

/** A place in memory as two numbers: arithmetic with a bigint allocates, for every datagram. */
interface Address {
  readonly low: number;
  readonly high: number;
}

export function splitAddress(address: bigint): Address {
  return { low: Number(address & 0xffff_ffffn), high: Number(address >> 32n) };
}

/**
 * The array of `struct mmsghdr` that recvmmsg(2) and sendmmsg(2) work on, with an address, one piece of data and control
 * data for each message, all in one block of memory:
 *
 *     mmsghdr 0 … n-1 | sockaddr_in 0 … n-1 | iovec 0 … n-1 | control 0 … n-1
 *
 * The headers hold addresses inside the block, so it lives as long as its table. Where the data lie is the user's business.
 */
export class MessageTable {
  readonly slots: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  readonly #names: number;
  readonly #iovecs: number;
  readonly #controls: number;

  constructor(libc: Libc, slots: number) {
    this.slots = slots;
    this.#names = slots * mmsghdr.size;
    this.#iovecs = this.#names + slots * sockaddrIn.size;
    this.#controls = this.#iovecs + slots * iovec.size;
    this.bytes = pinned(this.#controls + slots * controlSize);
    this.view = new DataView(this.bytes.buffer);

    const base = libc.addressOf(this.bytes);
    for (let slot = 0; slot < slots; slot++) {
      const header = this.header(slot);
      this.#setPointer(header + mmsghdr.name, base + BigInt(this.name(slot)));
      this.#setPointer(header + mmsghdr.iov, base + BigInt(this.#iovecs + slot * iovec.size));
      this.#setPointer(header + mmsghdr.control, base + BigInt(this.control(slot)));
      this.#setLength(header + mmsghdr.nameLength, sockaddrIn.size);
      this.#setLength(header + mmsghdr.iovCount, 1);
    }
  }

  // Offsets into the block.

  header(slot: number): number {
    return slot * mmsghdr.size;
  }

  name(slot: number): number {
    return this.#names + slot * sockaddrIn.size;
  }

  control(slot: number): number {
    return this.#controls + slot * controlSize;
  }

  /** Points a message at its data: `length` bytes at `offset` of the memory that begins at `base`. */
  setData(slot: number, base: Address, offset: number, length: number): void {
    const at = this.#iovecs + slot * iovec.size;
    const low = base.low + offset;
    this.view.setUint32(at + iovec.base, low, true);
    this.view.setUint32(at + iovec.base + 4, low > 0xffff_ffff ? base.high + 1 : base.high, true);
    this.#setLength(at + iovec.length, length);
  }

  setControlLength(slot: number, length: number): void {
    this.#setLength(this.header(slot) + mmsghdr.controlLength, length);
  }

  /** Writes a control header at an offset of the block and returns the offset of its data. */
  writeControl(at: number, level: number, type: number, dataLength: number): number {
    this.#setLength(at + cmsghdr.length, cmsghdr.size + dataLength);
    this.view.setInt32(at + cmsghdr.level, level, true);
    this.view.setInt32(at + cmsghdr.type, type, true);
    return at + cmsghdr.size;
  }

  #setPointer(at: number, address: bigint): void {
    this.view.setBigUint64(at, address, true);
  }

  /** A 32-bit length, also where the field has 64 bits: the upper half stays zero. */
  #setLength(at: number, length: number): void {
    this.view.setUint32(at, length, true);
  }
}
