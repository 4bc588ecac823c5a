import type { Socket } from 'node:net';
import { limits } from './limits.ts';

/** Bytes that a stream reads of a file at a time. */
const piece = 65_536;

/** A body that is on its way. */
interface Paced {
  readonly socket: Socket;
  /** False while the answers before it on its connection are sent: it is those that are looked after. */
  readonly isItsTurn: () => boolean;
  /** Bytes of it that the client has; undefined when that cannot be said now. */
  readonly taken: () => number | undefined;
  readonly tooSlow: () => void;
  /** Pieces that it had at the last look. */
  before: number | undefined;
}

/**
 * Ends bodies whose clients take nothing from one look to the next. In pieces, as a stream counts: else whoever takes a byte a
 * minute would hold a file for ever. One timer looks after all of them.
 */
export class Pace {
  readonly #bodies = new Set<Paced>();
  #looks: NodeJS.Timeout | undefined;

  /** @returns to be called when it is over */
  begin(of: Omit<Paced, 'before'>): () => void {
    const body: Paced = { ...of, before: undefined };
    this.#bodies.add(body);
    this.#looks ??= setInterval(() => this.#look(), limits.pace).unref();
    return () => this.#bodies.delete(body);
  }

  #look(): void {
    for (const body of this.#bodies) {
      if (!body.isItsTurn()) continue;
      const bytes = body.taken();
      const taken = bytes === undefined ? undefined : Math.floor(bytes / piece);
      if (taken !== undefined && taken === body.before) body.tooSlow();
      // Node, which ends silent connections, sees only what it has sent itself.
      else body.socket.setTimeout(limits.idle);
      body.before = taken;
    }
    if (this.#bodies.size > 0) return;
    clearInterval(this.#looks);
    this.#looks = undefined;
  }
}
