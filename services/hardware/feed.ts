import type { Change, Store, StoredRecord } from './store/store.ts';
import { type EncodedEvent, watchResponse } from './wire/answers.ts';

/** Part of a watch: encoded once, for all who are at the same revision. */
export interface Batch {
  readonly bytes: Uint8Array;
  /** The revision that a watcher is at after it. */
  readonly upTo: number;
}

/** Events in one message, at most; and the bytes after which no further record is put into one (a client accepts 4 MiB). */
const batchEvents = 256;
const batchBytes = 256 * 1024;

/** Encoded batches that are kept for the next watcher at the same revision. */
const kept = 64;

/** The store's changes as encoded messages of a watch. */
export class Feed {
  readonly #store: Store;
  readonly #batches = new Map<number, Batch>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The next changes after a revision; undefined when there is none yet. `after` is not below the store's `oldest`. */
  next(after: number): Batch | undefined {
    const encoded = this.#batches.get(after);
    if (encoded !== undefined) return encoded;
    const [changes = []] = batches(this.#store.changes(after));
    const last = changes.at(-1);
    if (last === undefined) return undefined;
    const batch = { bytes: this.#encode(changes), upTo: last.revision };
    this.#batches.set(after, batch);
    const [oldest] = this.#batches.keys();
    if (this.#batches.size > kept && oldest !== undefined) this.#batches.delete(oldest);
    return batch;
  }

  /** All records of one moment, as they are read. */
  *snapshot(records: Iterable<StoredRecord>): Generator<Uint8Array> {
    for (const batch of batches(records))
      yield this.#encode(batch.map((record) => ({ ...record, type: 'ADDED' })));
  }

  synced(revision: number): Uint8Array {
    return this.#encode([{ type: 'SYNCED', revision }]);
  }

  #encode(events: readonly EncodedEvent[]): Uint8Array {
    return watchResponse(this.#store.id, events);
  }
}

/** Cuts a sequence into messages of bounded count and size; a single record may be larger, it is never cut. */
function* batches<T extends StoredRecord | Change>(records: Iterable<T>): Generator<readonly T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const record of records) {
    batch.push(record);
    bytes += record.bytes.length;
    if (batch.length < batchEvents && bytes < batchBytes) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
