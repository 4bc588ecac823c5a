import { messageOf, SmeeError } from '../errors.ts';
import { formatIp4 } from '../ip4.ts';
import type { Log } from '../log.ts';
import type { Readiness } from '../ops.ts';
import { RateLimit } from '../rate-limit.ts';
import type { UdpSocket } from './engine.ts';

/** Milliseconds without a failure after which a socket counts as sound; the engine tries again sooner than that. */
const soundAfter = 5000;

/** How often sockets are asked whether they hear, in milliseconds. */
const askEvery = 2000;

/** Whether the sockets of a service receive: a process that lives but hears nothing must not count as ready. */
export class SocketHealth {
  readonly #log: Log;
  readonly #now: () => number;
  /** What a handler throws may come with every packet. */
  readonly #lines: RateLimit;
  readonly #deaf = new Set<string>();
  #failedAt = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds of a clock that never goes back */
  constructor(log: Log, now: () => number = () => performance.now()) {
    this.#log = log;
    this.#now = now;
    this.#lines = new RateLimit(1, 10, now);
  }

  /** To be given to the sockets. */
  readonly onError = (error: Error): void => {
    // The engine's own failures have a code; what a handler throws concerns one packet.
    if (error instanceof SmeeError) this.#failedAt = this.#now();
    if (!this.#lines.allow()) return;
    this.#log.error({ error: messageOf(error), suppressed: this.#lines.takeSuppressed() }, 'socket failed');
  };

  /** Looks from now on whether these sockets hear, until it is disposed. */
  watch(
    sockets: readonly Pick<UdpSocket, 'address' | 'port' | 'device' | 'hears'>[],
    every = askEvery,
  ): Disposable {
    const timer = setInterval(() => {
      for (const socket of sockets) this.#note(nameOf(socket), socket.hears());
    }, every).unref();
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }

  #note(socket: string, hears: boolean): void {
    if (hears !== this.#deaf.has(socket)) return;
    if (hears) {
      this.#deaf.delete(socket);
      this.#log.info({ socket }, 'the socket hears again');
    } else {
      this.#deaf.add(socket);
      this.#log.error(
        { socket },
        'the socket does not even hear itself: a firewall, or its interface is gone',
      );
    }
  }

  /** undefined when there is nothing to say. */
  readiness(): Readiness | undefined {
    if (this.#deaf.size > 0) return { ready: false, why: `does not hear on ${[...this.#deaf].join(', ')}` };
    const isSound = this.#now() - this.#failedAt > soundAfter;
    return isSound ? undefined : { ready: false, why: 'a UDP socket failed' };
  }
}

function nameOf({ address, port, device }: Pick<UdpSocket, 'address' | 'port' | 'device'>): string {
  return `${device ?? formatIp4(address)}:${port}`;
}
