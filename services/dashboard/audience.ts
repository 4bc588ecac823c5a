import type { Limits } from './limits.ts';
import type { DashboardMetrics } from './metrics.ts';

/** Where a stream is written: a response of Node's. */
export interface Listener {
  write(bytes: Buffer): unknown;
  end(): unknown;
  destroy(): unknown;
  once(event: 'close', done: () => void): unknown;
  /** Bytes that were written and have not left. */
  readonly writableLength: number;
}

/**
 * The browsers that are told live. Nobody waits for anybody: who has not read for so long that `limits.behind` bytes wait for
 * him is cut off, and comes back by itself.
 */
export class Audience {
  readonly #listeners = new Set<Listener>();
  readonly #limits: Pick<Limits, 'streams' | 'behind'>;
  readonly #metrics: Pick<DashboardMetrics, 'streams' | 'cutOff'>;

  constructor(
    limits: Pick<Limits, 'streams' | 'behind'>,
    metrics: Pick<DashboardMetrics, 'streams' | 'cutOff'>,
  ) {
    this.#limits = limits;
    this.#metrics = metrics;
  }

  get size(): number {
    return this.#listeners.size;
  }

  get full(): boolean {
    return this.size >= this.#limits.streams;
  }

  join(listener: Listener): void {
    this.#listeners.add(listener);
    this.#metrics.streams.set(this.size);
    listener.once('close', () => {
      this.#listeners.delete(listener);
      this.#metrics.streams.set(this.size);
    });
  }

  tell(bytes: Buffer): void {
    for (const listener of this.#listeners) {
      if (listener.writableLength > this.#limits.behind) {
        this.#metrics.cutOff.inc();
        listener.destroy();
      } else listener.write(bytes);
    }
  }

  /** Ends every stream. */
  dismiss(): void {
    for (const listener of this.#listeners) listener.end();
  }
}
