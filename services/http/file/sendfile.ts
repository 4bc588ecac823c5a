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
import type { Ending, FilePart, Sending } from './part.ts';
import { Writability } from './writability.ts';

/** Bytes of one call: then it is another client's turn. */
const mostAtOnce = 2 * 1024 * 1024;

/**
 * Calls that the thread pool is given at a time. A few more than it has threads, so that each finds its next one without being woken
 * for it; and not all there are, for files are opened there, too.
 */
const atATime = 8;

const [on, off] = [pinned(4).fill(1, 0, 1), pinned(4)];

/**
 * Sends parts of files from the page cache to sockets, without the bytes ever being in this process (sendfile(2)). It may have
 * to wait for a disk, and most of the way of the bytes through the network stack is walked during the call: so it is made in the
 * thread pool, where it holds nobody up. Node knows nothing of it and does not tell when a client can take more: a descriptor of our
 * own, of the same socket, is watched for that.
 */
export class Sendfile implements Disposable {
  readonly #libc: Libc;
  readonly #waiting: Turn[] = [];
  readonly #offsets = Array.from({ length: atATime }, () => pinned(8));
  #writability: Writability | undefined;

  private constructor(libc: Libc) {
    this.#libc = libc;
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
    this.#writability ??= new Writability(this.#libc);
    return new SendfileSending(this.#libc, this.#call, this.#writability, own, part, ended);
  }

  [Symbol.dispose](): void {
    this.#writability?.[Symbol.dispose]();
  }

  /** Makes the call as soon as it is its turn. */
  readonly #call = (turn: Turn): void => {
    this.#waiting.push(turn);
    this.#next();
  };

  #next(): void {
    const offset = this.#waiting.length > 0 ? this.#offsets.pop() : undefined;
    const turn = offset && this.#waiting.shift();
    if (offset === undefined || turn === undefined) return;
    writeOffset(offset, turn.at);
    this.#libc.sendfileInPool(
      turn.to,
      turn.from,
      offset,
      Math.min(turn.length, mostAtOnce),
      (error, sent) => {
        const why = error || sent < 0 ? this.#libc.errno() : undefined;
        this.#offsets.push(offset);
        turn.done(error ? -1 : sent, why);
        this.#next();
      },
    );
  }
}

/** One call of sendfile. */
interface Turn {
  readonly to: number;
  readonly from: number;
  readonly at: number;
  readonly length: number;
  /** @param sent bytes; 0 at the end of the file; -1 when none could be sent @param why then: `EAGAIN` */
  readonly done: (sent: number, why: string | undefined) => void;
}

/** One part on its way: at each turn as much as the socket takes. */
class SendfileSending implements Sending {
  readonly #libc: Libc;
  readonly #call: (turn: Turn) => void;
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
    call: (turn: Turn) => void,
    writability: Writability,
    fd: number,
    part: FilePart,
    ended: (how: Ending) => void,
  ) {
    this.#libc = libc;
    this.#call = call;
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
    this.#call({
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
    // libuv calls back outside of Node's callback scope; what follows only asks the pool, and needs none.
    else if (!this.#writability.wait(this.#fd, this.#turn)) this.#end('gone');
  };

  #end(how: Ending): void {
    this.#isOver = true;
    this.#close();
    this.#ended(how);
  }
}

function writeOffset(offset: Uint8Array<ArrayBuffer>, at: number): void {
  const view = new DataView(offset.buffer);
  view.setUint32(0, at % 2 ** 32, true);
  view.setUint32(4, Math.floor(at / 2 ** 32), true);
}

/** Node's own descriptor of a connection; -1 when there is none. Node has no public way to it. */
function descriptorOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle');
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  return typeof fd === 'number' ? fd : -1;
}
