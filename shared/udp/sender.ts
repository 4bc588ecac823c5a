import type { Outgoing } from './engine.ts';
import { cmsgSpace, pktinfo, sockaddrIn } from './layout.ts';
import {
  AF_INET,
  IP_PKTINFO,
  type Libc,
  MSG_DONTWAIT,
  pinned,
  SOL_IP,
  SOL_UDP,
  UDP_SEGMENT,
} from './libc.ts';
import { MessageTable, splitAddress } from './message-table.ts';

/** Bytes to make room for, for each datagram: an Ethernet frame. One of the largest that UDP can carry must fit, too. */
const typicalDatagram = 2048;
const largestDatagram = 0x1_0000;

/** What the kernel takes as one message to cut apart: so many bytes (IPv4's own limit), and so many datagrams. */
const mostJoinedBytes = 65_507;
const mostJoined = 64;

/** `sendmmsg` says so when a message cannot be cut: its datagrams exceed the MTU, or the device has no part in it. */
const uncuttable = new Set(['EINVAL', 'EMSGSIZE', 'EIO', 'EOPNOTSUPP', 'ENOPROTOOPT']);

/** What a message holds: one datagram, or several of one length, one behind the other. */
class Message {
  start = 0;
  length = 0;
  /** Length of each datagram but the last, which may be shorter. */
  segment = 0;
  count = 0;
  address = 0;
  port = 0;
  ifindex: number | undefined;
  sourceAddress: number | undefined;
}

const none = new Message();

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
  readonly #messages: readonly Message[];
  readonly #data: Uint8Array<ArrayBuffer>;
  readonly #dataAddress: ReturnType<typeof splitAddress>;
  /** Datagrams up to this length are joined; 0: none are. */
  #longestJoined: number;
  /** Messages `#head` to `#tail` wait; their data end at `#end`. */
  #head = 0;
  #tail = 0;
  #end = 0;

  /**
   * @param batch datagrams per system call; four batches may wait
   * @param joins whether datagrams of one length to one peer, one behind the other, are handed over as one (UDP_SEGMENT)
   */
  constructor(libc: Libc, batch: number, joins = false) {
    this.#libc = libc;
    this.#table = new MessageTable(libc, batch * 4);
    this.#messages = Array.from({ length: batch * 4 }, () => new Message());
    this.#data = pinned(Math.max(batch * 4 * typicalDatagram, largestDatagram));
    this.#dataAddress = splitAddress(libc.addressOf(this.#data));
    this.#longestJoined = joins ? mostJoinedBytes : 0;
  }

  get isEmpty(): boolean {
    return this.#head === this.#tail;
  }

  /** Copies a datagram into the queue. When the queue is full, it is sent first; what still finds no room is dropped. */
  add(fd: number, datagram: Outgoing): void {
    const length = lengthOf(datagram);
    if (this.#longestJoined > 0 && this.#join(datagram, length)) return;
    if (!this.#fits(length)) this.flush(fd);
    if (!this.#fits(length)) {
      this.failed++;
      return;
    }
    const slot = this.#tail++;
    const message = this.#message(slot);
    message.start = this.#end;
    message.length = message.segment = length;
    message.count = 1;
    message.address = datagram.address;
    message.port = datagram.port;
    message.ifindex = datagram.ifindex;
    message.sourceAddress = datagram.sourceAddress;
    this.#copy(datagram);
    this.#write(slot, message);
  }

  /**
   * Sends what waits. True when nothing is left; false when the kernel takes no more for now. sendmmsg stops at the first
   * message that fails (no route, a firewall's EPERM, too big): that one is counted and skipped.
   */
  flush(fd: number): boolean {
    while (this.#head < this.#tail) {
      const waiting = this.#table.bytes.subarray(this.#table.header(this.#head));
      const count = this.#libc.sendmmsg(fd, waiting, this.#tail - this.#head, MSG_DONTWAIT);
      if (count >= 0) {
        for (const end = this.#head + count; this.#head < end; this.#head++)
          this.sent += this.#message(this.#head).count;
        continue;
      }
      const error = this.#libc.errno();
      if (error === 'EAGAIN') return false;
      if (error === 'EINTR') continue;
      const message = this.#message(this.#head);
      if (message.count > 1 && uncuttable.has(error)) {
        this.#longestJoined = error === 'EIO' ? 0 : Math.min(this.#longestJoined, message.segment - 1);
        if (!this.#sendApart(fd, message)) return false;
      } else this.failed += message.count;
      this.#head++;
    }
    this.#head = this.#tail = this.#end = 0;
    return true;
  }

  /** Gives up on what still waits. */
  clear(): void {
    for (; this.#head < this.#tail; this.#head++) this.failed += this.#message(this.#head).count;
    this.#head = this.#tail = this.#end = 0;
  }

  #message(slot: number): Message {
    return this.#messages[slot] ?? none;
  }

  #fits(length: number): boolean {
    return this.#tail < this.#table.slots && this.#end + length <= this.#data.length;
  }

  /** Adds a datagram to the last message, if it goes the same way and none shorter went before it. */
  #join(datagram: Outgoing, length: number): boolean {
    const { address, port, ifindex, sourceAddress } = datagram;
    if (this.isEmpty) return false;
    const message = this.#message(this.#tail - 1);
    const joins =
      message.port === port &&
      message.address === address &&
      message.ifindex === ifindex &&
      message.sourceAddress === sourceAddress &&
      message.count < mostJoined &&
      message.length === message.count * message.segment &&
      length > 0 &&
      length <= message.segment &&
      message.segment <= this.#longestJoined &&
      message.length + length <= mostJoinedBytes &&
      this.#end + length <= this.#data.length;
    if (!joins) return false;
    this.#copy(datagram);
    message.length += length;
    message.count++;
    this.#write(this.#tail - 1, message);
    return true;
  }

  #copy({ bytes, body }: Outgoing): void {
    this.#data.set(bytes, this.#end);
    this.#end += bytes.length;
    if (body === undefined) return;
    this.#data.set(body, this.#end);
    this.#end += body.length;
  }

  /** Sends the datagrams of the first message one by one. False when the kernel takes no more for now: the rest stays. */
  #sendApart(fd: number, message: Message): boolean {
    const { segment } = message;
    let { start, length, count } = message;
    while (count > 0) {
      Object.assign(message, { start, length: Math.min(segment, length), count: 1 });
      this.#write(this.#head, message);
      const taken = this.#libc.sendmmsg(
        fd,
        this.#table.bytes.subarray(this.#table.header(this.#head)),
        1,
        MSG_DONTWAIT,
      );
      const error = taken < 0 ? this.#libc.errno() : undefined;
      if (error === 'EINTR') continue;
      if (error === 'EAGAIN') {
        Object.assign(message, { start, length, count });
        this.#write(this.#head, message);
        return false;
      }
      if (error === undefined) this.sent++;
      else this.failed++;
      start += segment;
      length -= segment;
      count--;
    }
    return true;
  }

  #write(slot: number, message: Message): void {
    this.#table.setData(slot, this.#dataAddress, message.start, message.length);
    this.#writeName(slot, message);
    this.#table.setControlLength(slot, this.#writeSegment(slot, message, this.#writeSource(slot, message)));
  }

  #writeName(slot: number, { address, port }: Message): void {
    const at = this.#table.name(slot);
    this.#table.view.setUint16(at + sockaddrIn.family, AF_INET, true);
    this.#table.view.setUint16(at + sockaddrIn.port, port);
    this.#table.view.setUint32(at + sockaddrIn.address, address);
  }

  /** IP_PKTINFO says which interface and address it leaves by; without, the kernel's routes decide. @returns its length */
  #writeSource(slot: number, { ifindex, sourceAddress }: Message): number {
    if (ifindex === undefined && sourceAddress === undefined) return 0;
    const data = this.#table.writeControl(this.#table.control(slot), SOL_IP, IP_PKTINFO, pktinfo.size);
    this.#table.view.setInt32(data + pktinfo.ifindex, ifindex ?? 0, true);
    this.#table.view.setUint32(data + pktinfo.specDst, sourceAddress ?? 0);
    return cmsgSpace(pktinfo.size);
  }

  /** UDP_SEGMENT says how long each datagram is, where there are several. @returns the length of all control data */
  #writeSegment(slot: number, { count, segment }: Message, before: number): number {
    if (count === 1) return before;
    const size = Uint16Array.BYTES_PER_ELEMENT;
    const data = this.#table.writeControl(this.#table.control(slot) + before, SOL_UDP, UDP_SEGMENT, size);
    this.#table.view.setUint16(data, segment, true);
    return before + cmsgSpace(size);
  }
}

function lengthOf({ bytes, body }: Outgoing): number {
  return bytes.length + (body?.length ?? 0);
}
