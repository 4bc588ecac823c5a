import type { BootEvent } from './event.ts';

/** Events that were lost, and when they happened: in milliseconds since 1970, from the beginning of the first to the end of the last. */
export interface Gap {
  readonly events: number;
  readonly from: number;
  readonly to: number;
}

/** The events that are missing and that it was not told of yet: however many there are, it holds three numbers. */
export class Missing {
  #events = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  add({ at, ms, said }: BootEvent): void {
    // Of a fetch that goes on it will be told again.
    if (said !== 'fetching') this.#join(1, at, at + ms);
  }

  /** What is missing, as it is to be told; undefined when nothing is. */
  take(): Gap | undefined {
    if (this.#events === 0) return undefined;
    const gap = { events: this.#events, from: Math.floor(this.#from), to: Math.ceil(this.#to) };
    this.#events = 0;
    this.#from = Number.POSITIVE_INFINITY;
    this.#to = Number.NEGATIVE_INFINITY;
    return gap;
  }

  /** It could not be told. */
  putBack(gap: Gap | undefined): void {
    if (gap !== undefined) this.#join(gap.events, gap.from, gap.to);
  }

  #join(events: number, from: number, to: number): void {
    this.#events += events;
    this.#from = Math.min(this.#from, from);
    this.#to = Math.max(this.#to, to);
  }
}
