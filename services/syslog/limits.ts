import type { Reason } from '#shared/boot/reasons.ts';
import type { Ip4 } from '#shared/ip4.ts';
import { RateLimit } from '#shared/rate-limit.ts';

/** Messages per second, and how many at once. A machine that dumps its kernel's whole ring at start must fit the burst. */
const perSource = { perSecond: 500, burst: 5000 } as const;
const overall = { perSecond: 5000, burst: 20_000 } as const;

/** Sources that are remembered; addresses can be forged, so there must be an end. */
const maxSources = 4096;

/** How much may be logged: by each source, so that one cannot silence the others, and by all together. */
export class Limits {
  readonly #now: () => number;
  readonly #all: RateLimit;
  /** By how recently they were heard, the latest last. */
  readonly #sources = new Map<Ip4, RateLimit>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number) {
    this.#now = now;
    this.#all = new RateLimit(overall.perSecond, overall.burst, now);
  }

  /** `ok`, or the limit that this message exceeds. */
  check(source: Ip4): Reason {
    if (!this.#of(source).allow()) return 'source-rate-limited';
    return this.#all.allow() ? 'ok' : 'rate-limited';
  }

  /** How many messages of this source were dropped for its limit since the last call. */
  takeSuppressed(source: Ip4): number {
    return this.#of(source).takeSuppressed();
  }

  #of(source: Ip4): RateLimit {
    const known = this.#sources.get(source);
    const limit = known ?? new RateLimit(perSource.perSecond, perSource.burst, this.#now);
    if (known !== undefined) this.#sources.delete(source);
    else if (this.#sources.size >= maxSources) this.#forgetOldest();
    this.#sources.set(source, limit);
    return limit;
  }

  #forgetOldest(): void {
    for (const oldest of this.#sources.keys()) {
      this.#sources.delete(oldest);
      return;
    }
  }
}
