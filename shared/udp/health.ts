import { messageOf, SmeeError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Readiness } from '../ops.ts';
import { RateLimit } from '../rate-limit.ts';

/** Milliseconds without a failure after which a socket counts as sound; the engine tries again sooner than that. */
const soundAfter = 5000;

/** Whether the sockets of a service receive: a process that lives but hears nothing must not count as ready. */
export class SocketHealth {
  readonly #log: Log;
  readonly #now: () => number;
  /** What a handler throws may come with every packet. */
  readonly #lines: RateLimit;
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

  /** undefined when there is nothing to say. */
  readiness(): Readiness | undefined {
    const isSound = this.#now() - this.#failedAt > soundAfter;
    return isSound ? undefined : { ready: false, why: 'a UDP socket failed' };
  }
}
