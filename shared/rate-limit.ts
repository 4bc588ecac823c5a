/**
 * A token bucket: `burst` at once, then `perSecond` on average. It keeps hostile or unbounded input from becoming unbounded
 * work, above all log lines. The clock is an argument, in milliseconds, so that tests own it.
 */
export class RateLimit {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #now: () => number;
  #tokens: number;
  #at: number;
  #suppressed = 0;

  constructor(perSecond: number, burst: number, now: () => number = Date.now) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#now = now;
    this.#tokens = burst;
    this.#at = now();
  }

  /** Takes one token; false (and counted as suppressed) when there is none. */
  allow(): boolean {
    const now = this.#now();
    // A clock that was set back must not starve the bucket: time only ever adds.
    this.#tokens = Math.min(this.#burst, this.#tokens + Math.max(0, now - this.#at) * this.#perMs);
    this.#at = now;
    if (this.#tokens < 1) {
      this.#suppressed++;
      return false;
    }
    this.#tokens--;
    return true;
  }

  /** How many were refused since the last call: the next line that is allowed says it. */
  takeSuppressed(): number {
    const suppressed = this.#suppressed;
    this.#suppressed = 0;
    return suppressed;
  }
}
