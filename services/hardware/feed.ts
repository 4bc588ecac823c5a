import { Beat } from './beat.ts';
import { KeptBatches } from './kept-batches.ts';
import { SharedSnapshot } from './shared-snapshot.ts';
import type { ChangeType, Store } from './store/store.ts';
import { type EncodedEvent, watchResponse } from './wire/answers.ts';

/** Part of a watch: encoded once, for all who are at the same place. */
export interface Batch {
  readonly bytes: Uint8Array;
  /** Where a watcher is after it: at a revision, or at a place in a snapshot. */
  readonly upTo: number;
  /** There may be more that did not go into this message. */
  readonly full: boolean;
}

/** Events in one message, at most; and the bytes after which no further record is put into one (a client accepts 4 MiB). */
const batchEvents = 256;
const batchBytes = 256 * 1024;

/** Encoded batches of changes that are kept for the next watcher at the same revision. */
const kept = 64;

/** How often watchers are told, at most. */
const pace = { calm: 2, busy: 20 };

/** A snapshot that others read is joined if no more has changed since: what has changed is sent after it. */
const mostBehind = 10_000;

/** A record, or a change of one. */
interface Encodable {
  readonly type?: ChangeType;
  readonly revision: number;
  readonly bytes: Uint8Array;
}

/** The store's records and changes as encoded messages of a watch. */
export class Feed implements Disposable {
  readonly #store: Store;
  readonly #changes = new KeptBatches(kept);
  readonly #beat = new Beat(pace);
  readonly #unlisten: () => void;
  /** The store's, when it was asked last; undefined when it has changed since. */
  #known: number | undefined;
  #snapshot: SharedSnapshot | undefined;

  constructor(store: Store) {
    this.#store = store;
    this.#unlisten = store.onChange(() => {
      this.#known = undefined;
      this.#beat.changed();
    });
  }

  /** Read once for all watchers. */
  get #revision(): number {
    this.#known ??= this.#store.revision;
    return this.#known;
  }

  /** Whether not all changes after a revision are known any more. The store is asked once for all watchers who are there. */
  hasForgotten(after: number): boolean {
    return this.#changes.after(after) === undefined && after < this.#store.oldest;
  }

  /** The next changes after a revision; undefined when there is none yet. They must not be forgotten. */
  next(after: number): Batch | undefined {
    const encoded = this.#changes.after(after);
    if (encoded !== undefined) return encoded;
    const batch = this.#encode(this.#store.changes(after), ({ revision }) => revision);
    if (batch !== undefined) this.#changes.keep(after, batch);
    return batch;
  }

  /** All records of one moment, which is that of the call or a little before: what has changed since comes with `next`. */
  snapshot(): ReturnType<SharedSnapshot['join']> {
    const open = this.#snapshot;
    if (open?.isRead && this.#store.revision - open.revision <= mostBehind) return open.join();
    this.#snapshot = new SharedSnapshot(this.#store.snapshot(), (records) =>
      this.#encode(records, ({ place }) => place),
    );
    return this.#snapshot.join();
  }

  synced(revision: number): Uint8Array {
    return watchResponse(this.#store.id, [{ type: 'SYNCED', revision }]);
  }

  /** Calls back when there are changes after a revision, soon; gives back what ends that. */
  onNews(after: number, listener: () => void): () => void {
    const end = this.#beat.listen(listener);
    if (this.#revision > after) this.#beat.remind();
    return end;
  }

  [Symbol.dispose](): void {
    this.#unlisten();
    this.#beat[Symbol.dispose]();
  }

  /** Takes what goes into one message of bounded count and size; a single record may be larger, it is never cut. */
  #encode<T extends Encodable>(records: Iterable<T>, placeOf: (record: T) => number): Batch | undefined {
    const events: EncodedEvent[] = [];
    let bytes = 0;
    let upTo: number | undefined;
    let full = false;
    for (const record of records) {
      const { type = 'ADDED', revision } = record;
      events.push({ type, revision, bytes: record.bytes });
      bytes += record.bytes.length;
      upTo = placeOf(record);
      full = events.length >= batchEvents || bytes >= batchBytes;
      if (full) break;
    }
    return upTo === undefined ? undefined : { bytes: watchResponse(this.#store.id, events), upTo, full };
  }
}
