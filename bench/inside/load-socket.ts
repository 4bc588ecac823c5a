import koffi from 'koffi';
import type { Ip4 } from '#shared/ip4.ts';
import type { Outgoing } from '#shared/udp/engine.ts';
import { sockaddrIn } from '#shared/udp/layout.ts';
import * as c from '#shared/udp/libc.ts';
import { Receiver } from '#shared/udp/receiver.ts';
import { Sender } from '#shared/udp/sender.ts';

/** `struct pollfd` (poll(2)) with POLLIN, and prctl(2). */
const pollfd = { size: 8, events: 4 };
const POLLIN = 1;
const PR_SET_TIMERSLACK = 29;

/** Bytes of receive buffer: the load shall lose nothing that the server has sent. */
const receiveBuffer = 16 * 1024 * 1024;

/** Longest answer of DHCP, in bytes. */
const maxDatagram = 2048;

const all = koffi.load(null);
const ppoll = all.func('int ppoll(void *, unsigned long, const void *, const void *)');
const prctl = all.func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)');

/**
 * A UDP socket without an event loop, for a process that does nothing but load a server: it waits in the kernel itself, for an
 * answer or until it is time to send, and is woken within microseconds. It does not spin: the servers may have both cores.
 */
export class LoadSocket {
  readonly #libc = c.loadLibc();
  readonly #fd: number;
  readonly #receiver: Receiver;
  readonly #sender: Sender;
  readonly #watched = c.pinned(pollfd.size);
  readonly #timeout = new DataView(c.pinned(16).buffer);

  /** @throws {Error} when the address cannot be bound */
  constructor(address: Ip4, port: number, batch: number) {
    this.#fd = this.#libc.socket(c.AF_INET, c.SOCK_DGRAM | c.SOCK_NONBLOCK, 0);
    const name = new DataView(c.pinned(sockaddrIn.size).buffer, 0, sockaddrIn.size);
    name.setUint16(sockaddrIn.family, c.AF_INET, true);
    name.setUint16(sockaddrIn.port, port);
    name.setUint32(sockaddrIn.address, address);
    if (this.#libc.bind(this.#fd, new Uint8Array(name.buffer), sockaddrIn.size) < 0)
      throw new Error(`cannot bind the load's port ${port}: ${this.#libc.errno()}`);
    this.#set(c.SO_RXQ_OVFL, 1);
    // Only root is given so much; whoever is not takes what he gets.
    if (!this.#set(c.SO_RCVBUFFORCE, receiveBuffer)) this.#set(c.SO_RCVBUF, receiveBuffer);
    this.#receiver = new Receiver(this.#libc, batch, maxDatagram);
    this.#sender = new Sender(this.#libc, batch);
    const watched = new DataView(this.#watched.buffer);
    watched.setInt32(0, this.#fd, true);
    watched.setInt16(pollfd.events, POLLIN, true);
    // Without it the kernel wakes us up to 50 µs late, to save a wake-up.
    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
  }

  /** Answers that the kernel dropped because we did not fetch them. */
  get dropped(): number {
    return this.#receiver.dropped;
  }

  /** Datagrams handed to the kernel. */
  get sent(): number {
    return this.#sender.sent;
  }

  /** Copies it into the batch that `flush` sends. */
  add(datagram: Outgoing): void {
    this.#sender.add(this.#fd, datagram);
  }

  flush(): void {
    while (!this.#sender.flush(this.#fd));
  }

  /** Waits until something has come, for so many milliseconds at most. */
  wait(milliseconds: number): void {
    const nanoseconds = Math.max(0, Math.floor(milliseconds * 1e6));
    this.#timeout.setUint32(0, Math.floor(nanoseconds / 1e9), true);
    this.#timeout.setUint32(8, nanoseconds % 1e9, true);
    ppoll(this.#watched, 1, new Uint8Array(this.#timeout.buffer), null);
  }

  /** Hands over what has come, up to one batch of it. @returns how many */
  receive(heard: (datagram: Uint8Array) => void): number {
    const count = this.#receiver.receive(this.#fd);
    for (let slot = 0; slot < count; slot++) heard(this.#receiver.take(slot));
    return Math.max(count, 0);
  }

  #set(name: number, value: number): boolean {
    const bytes = c.pinned(4);
    new DataView(bytes.buffer).setInt32(0, value, true);
    return this.#libc.setsockopt(this.#fd, c.SOL_SOCKET, name, bytes, 4) === 0;
  }
}
