/**
 * What waits to be told, in a ring: it never grows. When it is full, the oldest gives way: a boot that lacks its beginning is only
 * shorter, while one that lacks its end would look as if it had failed there; and whoever asks why a machine does not boot
 * asks about now.
 */
export class EventQueue<T> {
  readonly #ring: (T | undefined)[];
  #first = 0;
  #size = 0;

  constructor(capacity: number) {
    this.#ring = new Array<T | undefined>(capacity).fill(undefined);
  }

  get capacity(): number {
    return this.#ring.length;
  }

  get size(): number {
    return this.#size;
  }

  /** Gives back the one that had to give way. */
  push(one: T): T | undefined {
    const capacity = this.#ring.length;
    const at = (this.#first + this.#size) % capacity;
    const before = this.#ring[at];
    this.#ring[at] = one;
    if (this.#size < capacity) this.#size++;
    else this.#first = (this.#first + 1) % capacity;
    return before;
  }

  /** The oldest, at most so many. */
  take(most: number): T[] {
    const taken: T[] = [];
    while (taken.length < most && this.#size > 0) {
      const one = this.#ring[this.#first];
      this.#ring[this.#first] = undefined;
      this.#first = (this.#first + 1) % this.#ring.length;
      this.#size--;
      if (one !== undefined) taken.push(one);
    }
    return taken;
  }

  /** Puts back what was taken last, as far as there is room: the oldest give way. Returns those. */
  putBack(taken: readonly T[]): readonly T[] {
    const room = this.#ring.length - this.#size;
    const kept = room === 0 ? [] : taken.slice(-room);
    for (const one of kept.toReversed()) {
      this.#first = (this.#first + this.#ring.length - 1) % this.#ring.length;
      this.#ring[this.#first] = one;
      this.#size++;
    }
    return taken.slice(0, taken.length - kept.length);
  }
}
