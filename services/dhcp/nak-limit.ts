import type { Mac } from '#shared/mac.ts';
import { RateLimit } from '#shared/rate-limit.ts';

const burst = 5;
const perSecond = 0.1;

/** MACs remembered at a time; the one that was heard of first is forgotten first. */
const remembered = 4096;

/**
 * Stops NAK loops: a client that takes every NAK as a cue to ask for the same again gets five, and then one every ten
 * seconds. Memory is bounded, however many MACs are made up.
 */
export class NakLimit {
  readonly #limits = new Map<Mac, RateLimit>();
  readonly #now: () => number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number) {
    this.#now = now;
  }

  allow(mac: Mac): boolean {
    let limit = this.#limits.get(mac);
    if (limit === undefined) {
      limit = new RateLimit(perSecond, burst, this.#now);
      const [oldest] = this.#limits.keys();
      if (this.#limits.size >= remembered && oldest !== undefined) this.#limits.delete(oldest);
      this.#limits.set(mac, limit);
    }
    return limit.allow();
  }
}
