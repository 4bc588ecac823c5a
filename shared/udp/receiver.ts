import type { Ip4 } from '../ip4.ts';
import type { DatagramInfo } from './engine.ts';
import { cmsghdr, mmsghdr, pktinfo, sockaddrIn } from './layout.ts';
import {
  IP_PKTINFO,
  type Libc,
  MSG_DONTWAIT,
  MSG_TRUNC,
  pinned,
  SO_RXQ_OVFL,
  SOL_IP,
  SOL_SOCKET,
} from './libc.ts';
import { controlSize, MessageTable, splitAddress } from './message-table.ts';

class Info implements DatagramInfo {
  sourceAddress: Ip4 = 0;
  sourcePort = 0;
  ifindex = 0;
  localAddress: Ip4 = 0;
}

/** Takes datagrams from the kernel, a batch per system call, into memory that the next batch overwrites. */
export class Receiver {
  /** About the datagram that was taken last. */
  readonly info: DatagramInfo;
  /** Datagrams longer than `maxDatagram`. */
  truncated = 0;
  /** Datagrams that the kernel dropped because the socket's buffer was full. */
  dropped = 0;

  readonly #libc: Libc;
  readonly #table: MessageTable;
  readonly #data: Uint8Array<ArrayBuffer>;
  readonly #maxDatagram: number;
  /** Of each slot, as it was taken last. */
  readonly #views: Uint8Array[] = [];
  readonly #info = new Info();
  /** Headers that the kernel has written to since they were last prepared. */
  #dirty: number;
  /** The kernel's own counter, 32 bits, as it stood in the last datagram. */
  #dropCounter = 0;

  constructor(libc: Libc, batch: number, maxDatagram: number) {
    this.info = this.#info;
    this.#libc = libc;
    this.#table = new MessageTable(libc, batch);
    this.#data = pinned(batch * maxDatagram);
    this.#maxDatagram = maxDatagram;
    this.#dirty = batch;
    const base = splitAddress(libc.addressOf(this.#data));
    for (let slot = 0; slot < batch; slot++) this.#table.setData(slot, base, slot * maxDatagram, maxDatagram);
  }

  get batch(): number {
    return this.#table.slots;
  }

  /** Fetches up to one batch without waiting: how many came, or -1 (`libc.errno`). */
  receive(fd: number): number {
    const { view } = this.#table;
    for (let slot = 0; slot < this.#dirty; slot++) {
      const header = this.#table.header(slot);
      view.setUint32(header + mmsghdr.nameLength, sockaddrIn.size, true);
      view.setUint32(header + mmsghdr.flags, 0, true);
      this.#table.setControlLength(slot, controlSize);
    }
    const count = this.#libc.recvmmsg(fd, this.#table.bytes, this.#table.slots, MSG_DONTWAIT, null);
    this.#dirty = Math.max(count, 0);
    return count;
  }

  /** The datagram in a slot of the last batch, as a view; `info` then tells about it. */
  take(slot: number): Uint8Array {
    const { view } = this.#table;
    const header = this.#table.header(slot);
    const name = this.#table.name(slot);
    this.#info.sourcePort = view.getUint16(name + sockaddrIn.port);
    this.#info.sourceAddress = view.getUint32(name + sockaddrIn.address);
    this.#readControl(this.#table.control(slot), view.getUint32(header + mmsghdr.controlLength, true));
    if ((view.getUint32(header + mmsghdr.flags, true) & MSG_TRUNC) !== 0) this.truncated++;
    return this.#view(slot, view.getUint32(header + mmsghdr.bytes, true));
  }

  /** A new view only where the length is another than before: it costs as much as all else here. */
  #view(slot: number, length: number): Uint8Array {
    const last = this.#views[slot];
    if (last?.length === length) return last;
    const start = slot * this.#maxDatagram;
    const view = this.#data.subarray(start, start + length);
    this.#views[slot] = view;
    return view;
  }

  #readControl(start: number, length: number): void {
    const { view } = this.#table;
    this.#info.ifindex = 0;
    this.#info.localAddress = 0;
    let at = start;
    while (at + cmsghdr.size <= start + length) {
      const level = view.getInt32(at + cmsghdr.level, true);
      const type = view.getInt32(at + cmsghdr.type, true);
      const data = at + cmsghdr.size;
      if (level === SOL_IP && type === IP_PKTINFO) {
        this.#info.ifindex = view.getInt32(data + pktinfo.ifindex, true);
        this.#info.localAddress = view.getUint32(data + pktinfo.specDst);
      } else if (level === SOL_SOCKET && type === SO_RXQ_OVFL) {
        const counter = view.getUint32(data, true);
        this.dropped += (counter - this.#dropCounter) >>> 0; // the counter wraps
        this.#dropCounter = counter;
      }
      const step = view.getUint32(at + cmsghdr.length, true);
      at += Math.max(Math.ceil(step / cmsghdr.align) * cmsghdr.align, cmsghdr.size);
    }
  }
}
