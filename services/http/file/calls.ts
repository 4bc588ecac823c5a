import { type Libc, pinned } from '#shared/udp/libc.ts';
import { Residency } from './residency.ts';

/** Bytes of one call: then it is another client's turn. */
const mostAtOnce = 2 * 1024 * 1024;

/** Calls that wait for the event loop; what is more is for the thread pool: then both cores send. */
const mayWait = 4;

/**
 * Calls that the thread pool is given at a time. A few more than it has threads, so that each finds its next one without being woken
 * for it.
 */
const inPool = 8;

/** Those of them that may wait for a disk: fewer than there are threads, for files are opened and lines are logged there, too. */
const onDisk = 3;

/** One call of sendfile. */
export interface Turn {
  readonly to: number;
  readonly from: number;
  readonly at: number;
  readonly length: number;
  /** @param sent bytes; 0 at the end of the file; -1 when none could be sent @param why then: `EAGAIN` */
  readonly done: (sent: number, why: string | undefined) => void;
}

/**
 * Makes calls of sendfile(2), in the order in which they were asked for, each with at most two megabytes. What lies in memory is sent
 * by the event loop itself, one call between two looks for other events: to hand it to a thread, which has to be woken up, takes half as long
 * again. What may have to wait for a disk is the thread pool's, and so is what is more than the event loop can do.
 */
export class SendfileCalls {
  readonly #libc: Libc;
  readonly #residency: Residency;
  readonly #inMemory: Turn[] = [];
  readonly #onDisk: Turn[] = [];
  readonly #offset = pinned(8);
  readonly #poolOffsets = Array.from({ length: inPool }, () => pinned(8));
  #waitingForDisk = 0;
  #soon: NodeJS.Immediate | undefined;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#residency = new Residency(libc);
  }

  /** Never makes it at once: who asks may be called back outside of Node's callback scope, where `done` could not end an answer. */
  make(turn: Turn): void {
    const { from, at, length } = turn;
    const isInMemory = this.#residency.has(from, at, Math.min(length, mostAtOnce));
    (isInMemory ? this.#inMemory : this.#onDisk).push(turn);
    this.#goOn();
  }

  #goOn(): void {
    if (this.#inMemory.length + this.#onDisk.length > 0) this.#soon ??= setImmediate(this.#next);
  }

  readonly #next = (): void => {
    this.#soon = undefined;
    while (this.#waitingForDisk < onDisk && this.#makeInPool(this.#onDisk, true));
    while (this.#inMemory.length > mayWait && this.#makeInPool(this.#inMemory, false));
    const turn = this.#inMemory.shift();
    if (turn !== undefined) this.#makeHere(turn);
    if (this.#inMemory.length > 0) this.#goOn();
  };

  #makeHere({ to, from, at, length, done }: Turn): void {
    writeOffset(this.#offset, at);
    const sent = this.#libc.sendfile(to, from, this.#offset, Math.min(length, mostAtOnce));
    done(sent, sent < 0 ? this.#libc.errno() : undefined);
  }

  /** False when there is none, or no room for it. */
  #makeInPool(turns: Turn[], mayWaitForDisk: boolean): boolean {
    const offset = turns.length > 0 ? this.#poolOffsets.pop() : undefined;
    const turn = offset && turns.shift();
    if (offset === undefined || turn === undefined) return false;
    const { to, from, at, length, done } = turn;
    if (mayWaitForDisk) this.#waitingForDisk++;
    writeOffset(offset, at);
    this.#libc.sendfileInPool(to, from, offset, Math.min(length, mostAtOnce), (error, sent) => {
      const why = error || sent < 0 ? this.#libc.errno() : undefined;
      this.#poolOffsets.push(offset);
      if (mayWaitForDisk) this.#waitingForDisk--;
      done(error ? -1 : sent, why);
      this.#goOn();
    });
    return true;
  }
}

function writeOffset(offset: Uint8Array<ArrayBuffer>, at: number): void {
  const view = new DataView(offset.buffer);
  view.setUint32(0, at % 2 ** 32, true);
  view.setUint32(4, Math.floor(at / 2 ** 32), true);
}
