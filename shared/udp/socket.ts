import { availableParallelism } from 'node:os';
import { SmeeError } from '../errors.ts';
import { formatIp4, type Ip4 } from '../ip4.ts';
import type { DatagramHandler, Outgoing, UdpSocket, UdpStats } from './engine.ts';
import { type Libc, pinned, SO_ERROR, SOL_SOCKET, type Watch } from './libc.ts';
import { Receiver } from './receiver.ts';
import { SelfProbe } from './self-probe.ts';
import { Sender } from './sender.ts';
import { Vigil } from './vigil.ts';

/** Batches per turn of the event loop; then timers, HTTP and gRPC of the same process have theirs. */
const batchesPerTurn = 4;

/** How long a turn may last that waits awake, in milliseconds. */
const longestTurn = 0.25;

/** How long a closing socket waits for the kernel to take what is queued, in milliseconds. */
const closeWithin = 1000;

/** How long a socket that fails to receive is left alone, in milliseconds. */
const pauseAfterFailure = 1000;

/** Not failures of this socket: nothing there, or news about an earlier datagram (ICMP) that the kernel hands to the next call. */
const passing = new Set([
  'EAGAIN',
  'EINTR',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EPROTO',
  'EMSGSIZE',
]);

export interface SocketParts {
  /** Bound and non-blocking; the socket owns it from now on. */
  readonly fd: number;
  readonly address: Ip4;
  readonly port: number;
  /** What it is bound to. */
  readonly device: string | undefined;
  readonly batch: number;
  readonly maxDatagram: number;
  readonly joins: boolean;
  readonly awake: boolean;
  readonly handle: DatagramHandler;
  readonly onError: (error: Error) => void;
}

/**
 * A bound socket and its loop. libuv watches the descriptor; a turn reads a few batches, gives each datagram to the handler,
 * and sends the replies of a batch with one call. What is left makes the descriptor readable again at the next turn.
 */
export class BatchSocket implements UdpSocket {
  readonly address: Ip4;
  readonly port: number;
  readonly device: string | undefined;

  readonly #libc: Libc;
  readonly #fd: number;
  readonly #handle: DatagramHandler;
  readonly #onError: (error: Error) => void;
  readonly #receiver: Receiver;
  readonly #sender: Sender;
  readonly #probe: SelfProbe;
  readonly #watch: Watch;
  /** undefined: it sleeps whenever nothing is there. */
  readonly #vigil: Vigil | undefined;
  #received = 0;
  #handlerErrors = 0;
  #open = true;
  #closed: Promise<void> | undefined;
  #turnIsDue = false;
  #flushIsDue = false;
  /** libuv stopped watching because of a pending error. */
  #interrupted = false;
  /** Receiving failed; we wait a little. */
  #paused = false;
  /** The kernel takes no more; we wait until it does. */
  #blocked = false;
  #unblocked = () => {};

  constructor(libc: Libc, parts: SocketParts) {
    const { fd, address, port, device, batch, maxDatagram, joins, awake, handle, onError } = parts;
    this.#libc = libc;
    this.#fd = fd;
    this.address = address;
    this.port = port;
    this.device = device;
    this.#probe = new SelfProbe(parts);
    this.#handle = handle;
    this.#onError = onError;
    this.#receiver = new Receiver(libc, batch, maxDatagram);
    this.#sender = new Sender(libc, batch, joins);
    // The only processor is needed by whoever shall answer.
    this.#vigil = awake && availableParallelism() > 1 ? new Vigil() : undefined;
    this.#watch = libc.watch(fd, { readable: true, writable: false }, this.#ready);
  }

  get stats(): UdpStats {
    return {
      received: this.#received,
      sent: this.#sender.sent,
      droppedByKernel: this.#receiver.dropped,
      sendErrors: this.#sender.failed,
      truncated: this.#receiver.truncated,
      handlerErrors: this.#handlerErrors,
    };
  }

  send(datagram: Outgoing): void {
    if (!this.#open) return;
    this.#sender.add(this.#fd, datagram);
    if (this.#flushIsDue) return;
    this.#flushIsDue = true;
    queueMicrotask(this.#flush);
  }

  hears(): boolean {
    const probe = this.#open ? this.#probe.next(this.#received) : undefined;
    if (probe !== undefined) this.send(probe);
    return !this.#probe.isDeaf;
  }

  close(): Promise<void> {
    this.#closed ??= this.#shut();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * libuv calls this outside of Node's callback scope, where neither microtasks nor nextTick would run after us. So the work
   * is done in a setImmediate, whose phase follows libuv's poll phase at once.
   */
  readonly #ready = (status: unknown): void => {
    if (typeof status === 'number' && status < 0) this.#interrupted = true;
    if (this.#turnIsDue) return;
    this.#turnIsDue = true;
    setImmediate(this.#turn);
  };

  readonly #turn = (): void => {
    this.#turnIsDue = false;
    if (this.#interrupted) this.#recover();
    if (this.#blocked) this.#flush();
    const ends = performance.now() + longestTurn;
    for (let batches = 0; batches < batchesPerTurn && this.#open && !this.#paused; ) {
      const count = this.#receiver.receive(this.#fd);
      if (count < 0) this.#receiveFailed(this.#libc.errno());
      const { sent } = this.#sender;
      this.#deliver(count);
      if (count === this.#receiver.batch) batches++;
      else if (!this.#staysAwake(count > 0, this.#sender.sent > sent, ends)) return;
    }
  };

  /** Whether to look again at once; when that has gone on for long, others have their turn before. */
  #staysAwake(heard: boolean, answered: boolean, ends: number): boolean {
    if (this.#vigil === undefined) return false;
    const now = performance.now();
    if (heard) this.#vigil.heard(now, answered);
    if (!this.#vigil.waits(now)) return false;
    if (now < ends) return true;
    if (this.#open) this.#ready(0);
    return false;
  }

  #deliver(count: number): void {
    for (let slot = 0; slot < count && this.#open; slot++) {
      const datagram = this.#receiver.take(slot);
      if (this.#probe.take(datagram)) continue;
      this.#received++;
      try {
        const reply = this.#handle(datagram, this.#receiver.info);
        if (reply !== undefined && this.#open) this.#sender.add(this.#fd, reply);
      } catch (error) {
        this.#handlerErrors++;
        this.#onError(error instanceof Error ? error : new Error(String(error)));
      }
    }
    if (this.#open) this.#flush();
  }

  readonly #flush = (): void => {
    this.#flushIsDue = false;
    if (this.#sender.isEmpty) return;
    const blocked = !this.#sender.flush(this.#fd);
    if (blocked === this.#blocked) return;
    this.#blocked = blocked;
    this.#watchAgain();
    if (!blocked) this.#unblocked();
  };

  #watchAgain(): void {
    const readable = this.#open && !this.#paused;
    this.#watch.start({ readable, writable: this.#blocked }, this.#ready);
  }

  /** Reading SO_ERROR clears it. */
  #recover(): void {
    this.#interrupted = false;
    if (this.#closed !== undefined && !this.#blocked) return;
    this.#libc.getsockopt(this.#fd, SOL_SOCKET, SO_ERROR, pinned(4), pinned(4).fill(4, 0, 1));
    this.#watchAgain();
  }

  /** A failure that does not pass by itself must not spin the loop: say so, and try again a little later. */
  #receiveFailed(error: string): void {
    if (passing.has(error)) return;
    this.#onError(
      new SmeeError(
        error,
        `receiving on ${formatIp4(this.address)}:${this.port} failed (${error}); will try again`,
      ),
    );
    this.#paused = true;
    this.#watchAgain();
    setTimeout(() => {
      this.#paused = false;
      if (this.#open) this.#watchAgain();
    }, pauseAfterFailure).unref();
  }

  async #shut(): Promise<void> {
    this.#flush();
    this.#open = false;
    if (this.#blocked) await this.#waitUntilUnblocked();
    this.#sender.clear();
    this.#watch.close();
    this.#libc.close(this.#fd);
  }

  async #waitUntilUnblocked(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, closeWithin);
    this.#unblocked = resolve;
    this.#watchAgain();
    await promise;
    clearTimeout(timer);
  }
}
