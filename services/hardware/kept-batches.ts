import type { Batch } from './feed.ts';

/** Bytes of encoded messages that are kept at a time: a record may be large. */
const keptBytes = 32 * 1024 * 1024;

/** Encoded messages that are kept for the watchers behind the first, each by the place that it follows. The oldest give way. */
export class KeptBatches {
  readonly #most: number;
  readonly #batches = new Map<number, Batch>();
  #bytes = 0;

  /** @param most messages at a time */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  after(place: number): Batch | undefined {
    return this.#batches.get(place);
  }

  /** @param place none is kept for it yet */
  keep(place: number, batch: Batch): void {
    this.#batches.set(place, batch);
    this.#bytes += batch.bytes.length;
    for (const [oldest, { bytes }] of this.#batches) {
      if (this.#batches.size <= this.#most && this.#bytes <= keptBytes) break;
      this.#batches.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }

  clear(): void {
    this.#batches.clear();
    this.#bytes = 0;
  }
}
