import { RateLimit } from '#shared/rate-limit.ts';
import { bearerCheck } from '#shared/token.ts';
import type { Limits } from './limits.ts';

/** What a request's token is worth. `limited`: too many wrong ones came from there; this one was not even looked at. */
export type Shown = 'right' | 'wrong' | 'limited' | 'none' | 'no-token-set';

/** Compares tokens, and lets nobody try many. */
export class Access {
  readonly #isRight: ((shown: string) => boolean) | undefined;
  readonly #limits: Limits['wrongTokens'];
  readonly #attempts = new Map<string, RateLimit>();

  /** @param token undefined: nobody may write */
  constructor(token: string | undefined, wrongTokens: Limits['wrongTokens']) {
    this.#isRight = token === undefined ? undefined : bearerCheck(token);
    this.#limits = wrongTokens;
  }

  get writable(): boolean {
    return this.#isRight !== undefined;
  }

  /**
   * @param authorization the request's header; what is no bearer is somebody else's, a proxy's mostly, and counts as none
   * @param peer the address that it comes from
   */
  check(authorization: string | undefined, peer: string): Shown {
    if (this.#isRight === undefined) return 'no-token-set';
    if (!authorization?.startsWith('Bearer ')) return 'none';
    const attempts = this.#attempts.get(peer);
    if (attempts !== undefined && !attempts.allow()) return 'limited';
    if (this.#isRight(authorization)) {
      this.#attempts.delete(peer);
      return 'right';
    }
    if (attempts === undefined) this.#remember(peer);
    return 'wrong';
  }

  #remember(peer: string): void {
    const { addresses, burst, perSecond } = this.#limits;
    const [oldest] = this.#attempts.keys();
    if (this.#attempts.size >= addresses && oldest !== undefined) this.#attempts.delete(oldest);
    // The first one is spent already.
    this.#attempts.set(peer, new RateLimit(perSecond, burst - 1));
  }
}
