import type { Batch } from './feed.ts';
import { KeptBatches } from './kept-batches.ts';
import type { PlacedRecord, Snapshot } from './store/store.ts';

/**
 * The records of one moment as encoded messages, for all watchers that begin while somebody still reads them: read from the
 * database and encoded once, and not once for each. Who falls far behind the others reads the database again; nothing is
 * held for the slow but the moment itself.
 */
export class SharedSnapshot {
  readonly revision: number;
  readonly #snapshot: Snapshot;
  readonly #encode: (records: Iterable<PlacedRecord>) => Batch | undefined;
  readonly #batches = new KeptBatches();
  #readers = 0;

  /** @param encode takes as many records as go into one message; undefined when there is none; `upTo` is the last one's place */
  constructor(snapshot: Snapshot, encode: (records: Iterable<PlacedRecord>) => Batch | undefined) {
    this.revision = snapshot.revision;
    this.#snapshot = snapshot;
    this.#encode = encode;
  }

  get isRead(): boolean {
    return this.#readers > 0;
  }

  /** One more reads it; it is closed when the last one has given it back. */
  join(): Disposable & Pick<SharedSnapshot, 'revision' | 'next'> {
    this.#readers++;
    return {
      revision: this.revision,
      next: (after) => this.next(after),
      [Symbol.dispose]: () => {
        if (--this.#readers > 0) return;
        this.#batches.clear();
        this.#snapshot[Symbol.dispose]();
      },
    };
  }

  /** The records after a place, as one message; undefined when there are none. The first are after place 0. */
  next(after: number): Batch | undefined {
    const known = this.#batches.after(after);
    if (known !== undefined) return known;
    const batch = this.#encode(this.#snapshot.after(after));
    if (batch !== undefined) this.#batches.keep(after, batch);
    return batch;
  }
}
