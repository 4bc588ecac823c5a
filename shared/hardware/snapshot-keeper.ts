import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type Snapshot, writeSnapshot } from './snapshot.ts';

export interface SnapshotKeeperOptions {
  readonly path: string;
  /** How long changes are gathered before they are written, in milliseconds. */
  readonly afterMs: number;
  /** What is to be written now. */
  readonly take: () => Snapshot;
  /** Told about every failure; the next change tries again. */
  readonly onError: (error: unknown) => void;
}

/** A write takes a tenth of one processor at most: each slice is followed by a pause this many times as long. */
const ease = 9;

/** And constant changes cost a tenth of that: a write is followed by a rest this many times as long as it took. */
const rest = 10;

/** Writes the snapshot soon after changes: one write at a time, and the last state always gets written. */
export class SnapshotKeeper implements AsyncDisposable {
  readonly #options: SnapshotKeeperOptions;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #dirty = false;
  #closed = false;
  #lastMs = 0;

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
  }

  /** Something changed. Does not wait for more changes to stop: a busy store gets its snapshots, too. */
  changed(): void {
    this.#dirty = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#closed || this.#timer !== undefined || this.#writing !== undefined) return;
    const wait = Math.max(this.#options.afterMs, this.#lastMs * rest);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
        if (this.#dirty) this.#schedule();
      });
    }, wait).unref();
  }

  async #write(): Promise<void> {
    const started = performance.now();
    this.#dirty = false;
    try {
      await writeSnapshot(this.#options.path, this.#options.take(), (worked) =>
        this.#closed ? nextTurn() : pause(worked * ease),
      );
    } catch (error) {
      this.#options.onError(error);
    }
    this.#lastMs = performance.now() - started;
  }

  /** Writes what is not written yet. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#writing;
    if (this.#dirty) await this.#write();
  }
}
