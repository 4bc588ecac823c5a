import type { Outgoing } from './engine.ts';
import { pktinfo, sockaddrIn } from './layout.ts';
import { AF_INET, IP_PKTINFO, type Libc, MSG_DONTWAIT, pinned, SOL_IP } from './libc.ts';
import { MessageTable, splitAddress } from './message-table.ts';

/** `struct cmsghdr` + `struct in_pktinfo`, padded: CMSG_SPACE. */
const pktinfoSpace = 32;

/** Bytes to make room for, for each datagram: an Ethernet frame. One of the largest that UDP can carry must fit, too. */
const typicalDatagram = 2048;
const largestDatagram = 0x1_0000;

/**
 * The bounded queue of one socket's outgoing datagrams, kept in the form that sendmmsg(2) takes. It fills while a batch is
 * handled, and `flush` gives it to the kernel; it only stays filled while the kernel takes no more.
 */
export class Sender {
  sent = 0;
  /** Datagrams that could not be sent: refused by the kernel, or no room left in the queue. */
  failed = 0;

  readonly #libc: Libc;
  readonly #table: MessageTable;
  readonly #data: Uint8Array<ArrayBuffer>;
  readonly #dataAddress: ReturnType<typeof splitAddress>;
  /** Messages `#head` to `#tail` wait; their data end at `#end`. */
  #head = 0;
  #tail = 0;
  #end = 0;

  /** @param batch datagrams per system call; four batches may wait */
  constructor(libc: Libc, batch: number) {
    this.#libc = libc;
    this.#table = new MessageTable(libc, batch * 4);
    this.#data = pinned(Math.max(batch * 4 * typicalDatagram, largestDatagram));
    this.#dataAddress = splitAddress(libc.addressOf(this.#data));
  }

  get isEmpty(): boolean {
    return this.#head === this.#tail;
  }

  /** Copies a datagram into the queue. When the queue is full, it is sent first; what still finds no room is dropped. */
  add(fd: number, datagram: Outgoing): void {
    const { length } = datagram.bytes;
    if (!this.#fits(length)) this.flush(fd);
    if (!this.#fits(length)) {
      this.failed++;
      return;
    }
    const slot = this.#tail++;
    this.#data.set(datagram.bytes, this.#end);
    this.#table.setData(slot, this.#dataAddress, this.#end, length);
    this.#end += length;
    this.#writeName(slot, datagram);
    this.#writeSource(slot, datagram);
  }

  /**
   * Sends what waits. True when nothing is left; false when the kernel takes no more for now. sendmmsg stops at the first
   * datagram that fails (no route, a firewall's EPERM, too big): that one is counted and skipped.
   */
  flush(fd: number): boolean {
    while (this.#head < this.#tail) {
      const waiting = this.#table.bytes.subarray(this.#table.header(this.#head));
      const count = this.#libc.sendmmsg(fd, waiting, this.#tail - this.#head, MSG_DONTWAIT);
      if (count >= 0) {
        this.sent += count;
        this.#head += count;
        continue;
      }
      const error = this.#libc.errno();
      if (error === 'EAGAIN') return false;
      if (error === 'EINTR') continue;
      this.failed++;
      this.#head++;
    }
    this.#head = this.#tail = this.#end = 0;
    return true;
  }

  /** Gives up on what still waits. */
  clear(): void {
    this.failed += this.#tail - this.#head;
    this.#head = this.#tail = this.#end = 0;
  }

  #fits(length: number): boolean {
    return this.#tail < this.#table.slots && this.#end + length <= this.#data.length;
  }

  #writeName(slot: number, { address, port }: Outgoing): void {
    const at = this.#table.name(slot);
    this.#table.view.setUint16(at + sockaddrIn.family, AF_INET, true);
    this.#table.view.setUint16(at + sockaddrIn.port, port);
    this.#table.view.setUint32(at + sockaddrIn.address, address);
  }

  /** IP_PKTINFO says which interface and address it leaves by; without, the kernel's routes decide. */
  #writeSource(slot: number, { ifindex, sourceAddress }: Outgoing): void {
    if (ifindex === undefined && sourceAddress === undefined) {
      this.#table.setControlLength(slot, 0);
      return;
    }
    const data = this.#table.writeControl(this.#table.control(slot), SOL_IP, IP_PKTINFO, pktinfo.size);
    this.#table.view.setInt32(data + pktinfo.ifindex, ifindex ?? 0, true);
    this.#table.view.setUint32(data + pktinfo.specDst, sourceAddress ?? 0);
    this.#table.setControlLength(slot, pktinfoSpace);
  }
}
