/** A loop that was busy for this part of the time has something better to do. */
const busy = 0.8;

/** How long what happened may wait for a quieter moment, in milliseconds. */
const patience = 1000;

/** What the process says of its event loop: how busy it was since it was asked last, 0 to 1. */
export type Utilization = () => number;

/**
 * When to tell. To tell of a packet costs a service about as much as to answer it, and the hardware service twice that: in the first
 * moment of a storm the machines come first. Bounded: what is told is a second late at most, and it never waits while the queue
 * is half full.
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

  /** To be asked each time before something is told. @param full how full the queue is, 0 to 1 */
  allows(full: number): boolean {
    const now = this.#now();
    const isBusy = this.#utilization() > busy;
    if (isBusy && full < 0.5 && now - this.#told < patience) return false;
    this.#told = now;
    return true;
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
