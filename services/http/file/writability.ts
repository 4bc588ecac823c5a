import { SmeeError } from '#shared/errors.ts';
import {
  EPOLL_CLOEXEC,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  EPOLLONESHOT,
  EPOLLOUT,
  type Libc,
  pinned,
  type Watch,
} from '#shared/udp/libc.ts';

/** Events that are fetched with one call. */
const atOnce = 64;

/** `struct epoll_event` (epoll_ctl(2)): 32 bits of events, 64 of ours behind them; on x86-64 alone without a gap. */
const [eventSize, dataAt] = process.arch === 'x64' ? [12, 4] : [16, 8];

/**
 * Who waits until a socket takes more. All of them are in one epoll set, which itself is one descriptor in libuv's: to have libuv watch
 * each socket by itself takes a handle, which V8 has to collect, for each wait.
 */
export class Writability implements Disposable {
  readonly #libc: Libc;
  readonly #epoll: number;
  readonly #watch: Watch;
  readonly #event = pinned(eventSize);
  readonly #events = pinned(eventSize * atOnce);
  /** By descriptor; undefined for one that is in the set and waits for nothing now. */
  readonly #waiting = new Map<number, (() => void) | undefined>();

  /** @throws {SmeeError} EMFILE when there is no descriptor left */
  constructor(libc: Libc) {
    this.#libc = libc;
    this.#epoll = libc.epoll_create1(EPOLL_CLOEXEC);
    // To watch what is no descriptor ends the process.
    if (this.#epoll < 0) throw new SmeeError(libc.errno(), 'no epoll set for sockets that are sent files');
    const readable = { readable: true, writable: false };
    this.#watch = libc.watch(this.#epoll, readable, () => this.#fetch());
    this.#watch.unref();
  }

  /** Calls back once, when the socket takes more or has failed. False when it cannot be watched. */
  wait(fd: number, ready: () => void): boolean {
    const operation = this.#waiting.has(fd) ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    const view = new DataView(this.#event.buffer);
    view.setUint32(0, EPOLLOUT | EPOLLONESHOT, true);
    view.setUint32(dataAt, fd, true);
    if (this.#libc.epoll_ctl(this.#epoll, operation, fd, this.#event) < 0) return false;
    this.#waiting.set(fd, ready);
    return true;
  }

  /** To be called before the descriptor is closed: the set goes on watching a socket that is open elsewhere. */
  forget(fd: number): void {
    if (this.#waiting.delete(fd)) this.#libc.epoll_ctl(this.#epoll, EPOLL_CTL_DEL, fd, null);
  }

  [Symbol.dispose](): void {
    this.#watch.close();
    this.#libc.close(this.#epoll);
  }

  /** One that was forgotten meanwhile is not called; one that has got its descriptor is, and finds its socket full. */
  #fetch(): void {
    const count = this.#libc.epoll_wait(this.#epoll, this.#events, atOnce, 0);
    const view = new DataView(this.#events.buffer);
    const ready: number[] = [];
    for (let at = 0; at < count; at++) ready.push(view.getUint32(at * eventSize + dataAt, true));
    for (const fd of ready) {
      const call = this.#waiting.get(fd);
      if (call === undefined) continue;
      this.#waiting.set(fd, undefined);
      call();
    }
  }
}
