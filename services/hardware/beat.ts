/**
 * Wakes watchers when something has changed: at once after a rest, and every so many milliseconds while changes come without
 * a pause, all watchers together. So a storm of changes costs each of them a few messages, and they are the same for all.
 */
export class Beat implements Disposable {
  readonly #every: number;
  readonly #listeners = new Set<() => void>();
  #last = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** @param every the shortest time between two wake-ups, in milliseconds */
  constructor(every: number) {
    this.#every = every;
  }

  /** Calls back at every beat; gives back what ends that. */
  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Something has changed. */
  readonly changed = (): void => {
    if (this.#timer !== undefined) return;
    const rest = this.#last + this.#every - performance.now();
    if (rest <= 0) this.#wake();
    else this.#timer = setTimeout(() => this.#wake(), rest);
  };

  #wake(): void {
    this.#timer = undefined;
    this.#last = performance.now();
    for (const listener of this.#listeners) listener();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
