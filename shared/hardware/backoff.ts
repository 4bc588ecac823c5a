/** How long to wait before the next attempt, in milliseconds. */
export interface BackoffLimits {
  /** The longest first wait. */
  readonly min: number;
  /** No wait is longer. */
  readonly max: number;
}

/**
 * Capped exponential back-off with full jitter: each wait is drawn between 0 and a limit that doubles, so that a hundred
 * services that lost the same server do not come back in step.
 */
export class Backoff {
  readonly #limits: BackoffLimits;
  readonly #random: () => number;
  #limit: number;

  /** @param random from 0 to 1 */
  constructor(limits: BackoffLimits, random: () => number = Math.random) {
    this.#limits = limits;
    this.#random = random;
    this.#limit = limits.min;
  }

  next(): number {
    const wait = Math.round(this.#random() * this.#limit);
    this.#limit = Math.min(this.#limit * 2, this.#limits.max);
    return wait;
  }

  /** After a success. */
  reset(): void {
    this.#limit = this.#limits.min;
  }
}
