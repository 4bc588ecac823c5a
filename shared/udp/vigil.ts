/**
 * How long to stay awake for the next datagram, in milliseconds: about what it takes to put a processor to sleep and to wake it
 * up again, so that waiting in vain costs no more than sleeping would have.
 */
const longestWait = 0.1;

/** After so many waits in vain one after the other … */
const patience = 8;
/** … one datagram in so many is waited for: who answers slowly now may answer quickly later. */
const triesAgainAfter = 64;

/** A pause between two looks, in milliseconds, that says: somebody else needs this processor, or this loop. */
const tellingPause = 2;
/** Then nothing is waited for during so many milliseconds. */
const givesWayFor = 200;

/**
 * Whether it is worth staying awake for the next datagram instead of letting the processor sleep: between two packets of a client
 * that answers at once, waking up takes longer than all the rest. It learns from what came of it, and gives way where the
 * processor is wanted elsewhere.
 */
export class Vigil {
  #until = 0;
  #lookedAt = 0;
  #restsUntil = 0;
  #inVain = 0;
  #skipped = 0;

  /**
   * Datagrams came.
   * @param now milliseconds of a clock that never goes back
   * @param answered whether anything was sent: else nobody waits for us to wait, and what the answer needs first may wait for its turn
   */
  heard(now: number, answered: boolean): void {
    if (this.#until > 0) {
      this.#inVain = 0;
      this.#look(now);
    }
    this.#lookedAt = now;
    if (answered) this.#until = this.#isWorthIt(now) ? now + longestWait : 0;
  }

  /** Nothing came: whether to look again at once. */
  waits(now: number): boolean {
    if (this.#until === 0) return false;
    this.#look(now);
    if (now < this.#until) return true;
    this.#until = 0;
    this.#inVain++;
    return false;
  }

  #look(now: number): void {
    if (now - this.#lookedAt > tellingPause) this.#restsUntil = now + givesWayFor;
    this.#lookedAt = now;
  }

  #isWorthIt(now: number): boolean {
    if (now < this.#restsUntil) return false;
    if (this.#inVain < patience) return true;
    this.#skipped = (this.#skipped + 1) % triesAgainAfter;
    return this.#skipped === 0;
  }
}
