/** The shortest time between two wake-ups, in milliseconds. */
interface Pace {
  /** While changes come one by one. */
  readonly calm: number;
  /** After a time in which several have come. */
  readonly busy: number;
}

/**
 * Wakes watchers when something has changed: as good as at once while changes come one by one, and every so many milliseconds
 * while they come without a pause, all watchers together. So a storm of changes costs each of them a few messages, which are the
 * same for all, and who makes one change after the other waits for nothing.
 */
export class Beat implements Disposable {
  readonly #pace: Pace;
  readonly #listeners = new Set<() => void>();
  /** The next beat comes no earlier. */
  #next = Number.NEGATIVE_INFINITY;
  /** Since the last beat. */
  #changes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** Calls back at every beat; gives back what ends that. */
  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Something has changed. */
  readonly changed = (): void => {
    this.#changes++;
    this.remind();
  };

  /** Somebody has not heard yet of what has changed. */
  remind(): void {
    if (this.#timer !== undefined) return;
    const rest = this.#next - performance.now();
    if (rest <= 0) this.#wake();
    else this.#timer = setTimeout(() => this.#wake(), rest);
  }

  #wake(): void {
    this.#timer = undefined;
    this.#next = performance.now() + (this.#changes > 1 ? this.#pace.busy : this.#pace.calm);
    this.#changes = 0;
    for (const listener of this.#listeners) listener();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
