import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { SmeeError } from '#shared/errors.ts';
import {
  F_DUPFD_CLOEXEC,
  type Libc,
  loadLibc,
  pinned,
  SIOCOUTQ,
  SOL_TCP,
  TCP_CORK,
} from '#shared/udp/libc.ts';
import { FileCalls } from './calls.ts';
import type { Ending, FilePart, Sending } from './part.ts';
import { Writability } from './writability.ts';

const [on, off] = [pinned(4).fill(1, 0, 1), pinned(4)];

/**
 * Sends parts of files from the page cache to sockets, without the bytes ever being in this process (sendfile(2)). Node knows nothing
 * of it and does not tell when a client can take more: a descriptor of our own, of the same socket, is watched for that.
 */
export class Sendfile implements Disposable {
  /** For all who read files: together they may hold so many threads, and no more. */
  readonly calls: FileCalls;
  readonly #libc: Libc;
  readonly #writability: Writability;

  private constructor(libc: Libc) {
    this.#libc = libc;
    this.calls = new FileCalls(libc);
    this.#writability = new Writability(libc);
  }

  /** Undefined where it cannot be had. */
  static load(): Sendfile | undefined {
    try {
      return new Sendfile(loadLibc());
    } catch (error) {
      if (error instanceof SmeeError && error.code === 'unsupported-platform') return undefined;
      throw error;
    }
  }

  /** Not over TLS, whose bytes must be encrypted first. */
  canReach(socket: Socket): boolean {
    return !(socket instanceof TLSSocket) && descriptorOf(socket) >= 0;
  }

  /** What is written from now on waits for what `start` sends, so that they leave together; for 200 ms at most (tcp(7)). */
  cork(socket: Socket): void {
    this.#libc.setsockopt(descriptorOf(socket), SOL_TCP, TCP_CORK, on, 4);
  }

  /**
   * Sends a part, which it releases, and everything that was corked. Nobody else may write to the socket until `ended` is called, which is never during this call.
   * Undefined when the socket has been closed.
   */
  start(socket: Socket, part: FilePart, ended: (how: Ending) => void): Sending | undefined {
    const fd = descriptorOf(socket);
    const own = fd < 0 ? -1 : this.#libc.fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (own < 0) return undefined;
    return new SendfileSending(this.#libc, this.calls, this.#writability, own, part, ended);
  }

  [Symbol.dispose](): void {
    this.#writability[Symbol.dispose]();
  }
}

/** One part on its way: at each turn as much as the socket takes. */
class SendfileSending implements Sending {
  readonly #libc: Libc;
  readonly #calls: FileCalls;
  readonly #writability: Writability;
  /** Ours, of the client's socket. */
  readonly #fd: number;
  readonly #part: FilePart;
  readonly #ended: (how: Ending) => void;
  #at: number;
  #stopped: (() => void) | undefined;
  #isInCall = false;
  #isOver = false;

  constructor(
    libc: Libc,
    calls: FileCalls,
    writability: Writability,
    fd: number,
    part: FilePart,
    ended: (how: Ending) => void,
  ) {
    this.#libc = libc;
    this.#calls = calls;
    this.#writability = writability;
    this.#fd = fd;
    this.#part = part;
    this.#ended = ended;
    this.#at = part.range.start;
    this.#turn();
  }

  get bytesRead(): number {
    return this.#at - this.#part.range.start;
  }

  get taken(): number | undefined {
    if (this.#isInCall) return undefined;
    const queued = pinned(4);
    if (this.#isOver || this.#libc.ioctl(this.#fd, SIOCOUTQ, queued) < 0) return this.bytesRead;
    return this.bytesRead - new DataView(queued.buffer).getInt32(0, true);
  }

  stop(stopped: () => void): void {
    if (this.#isOver) {
      stopped();
      return;
    }
    this.#isOver = true;
    this.#stopped = stopped;
    // The call still needs both descriptors, and may be sending the last byte.
    if (!this.#isInCall) this.#close();
  }

  #close(): void {
    this.#writability.forget(this.#fd);
    this.#libc.setsockopt(this.#fd, SOL_TCP, TCP_CORK, off, 4);
    this.#libc.close(this.#fd);
    this.#part.release();
    this.#stopped?.();
  }

  readonly #turn = (): void => {
    const { handle, range } = this.#part;
    this.#isInCall = true;
    this.#calls.send({
      to: this.#fd,
      from: handle.fd,
      at: this.#at,
      length: range.end - this.#at,
      done: this.#done,
    });
  };

  readonly #done = (sent: number, why: string | undefined): void => {
    this.#isInCall = false;
    if (sent > 0) this.#at += sent;
    if (this.#isOver) this.#close();
    else if (this.#at === this.#part.range.end) this.#end('sent');
    else if (sent === 0) this.#end('file-changed');
    else if (sent < 0 && why !== 'EAGAIN') this.#end(why === 'EIO' ? 'file-unreadable' : 'gone');
    // libuv calls back outside of Node's callback scope; what follows only asks for a call, and needs none.
    else if (!this.#writability.wait(this.#fd, this.#turn)) this.#end('gone');
  };

  #end(how: Ending): void {
    this.#isOver = true;
    this.#close();
    this.#ended(how);
  }
}

/** Node's own descriptor of a connection; -1 when there is none. Node has no public way to it. */
function descriptorOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle');
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  return typeof fd === 'number' ? fd : -1;
}
