/** A loop that was busy for this part of the time has something better to do; below the other one, nearly nothing. */
const busy = 0.8;
const quiet = 0.15;

/** How full the queue may be before nothing is waited for any more. */
const plenty = 0.75;

/** How long what happened may wait for a quieter moment, in milliseconds. */
const patience = 1000;

/** Events of a round, ten of which there are in a second: the most; and while machines ask, some more than are admitted in the long run. */
const most = 512;
const few = 128;

/** What the process says of its event loop: how busy it was since it was asked last, 0 to 1. */
export type Utilization = () => number;

/**
 * When to tell, and how much. To tell of a packet costs a service about as much as to answer it, and the hardware service twice
 * that, on processors that the machines wait for: they come first. Bounded: there is a round each second at least, and they are as large
 * as can be while the queue is nearly full.
 */
export class Pace {
  readonly #utilization: Utilization;
  readonly #now: () => number;
  #told: number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(utilization: Utilization, now: () => number) {
    this.#utilization = utilization;
    this.#now = now;
    this.#told = now();
  }

  /** How many events may be told now. To be asked before each round. @param full how full the queue is, 0 to 1 */
  allows(full: number): number {
    const now = this.#now();
    const utilization = this.#utilization();
    const isBusy = utilization > busy && full < plenty;
    if (isBusy && now - this.#told < patience) return 0;
    this.#told = now;
    return isBusy || utilization < quiet || full >= plenty ? most : few;
  }
}

/** Of this process. */
export function loopUtilization(): Utilization {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
