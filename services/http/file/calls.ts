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

/** One call: of sendfile, or of pread where it is memory that the bytes go to (see `pinned`). */
interface Turn<To extends number | Uint8Array = number | Uint8Array> {
  readonly to: To;
  readonly from: number;
  readonly at: number;
  readonly length: number;
  /** @param moved bytes; 0 at the end of the file; -1 when none could be moved @param why then: `EAGAIN` */
  readonly done: (moved: number, why: string | undefined) => void;
}

/**
 * Makes the calls that may have to wait for a disk: sendfile(2), and pread(2) for small parts. They are made in the order in which they were
 * asked for, each of at most two megabytes. What lies in memory is sent by the event loop itself, one call between two looks for other
 * events: to hand it to a thread, which has to be woken up, takes half as long again. What may have to wait for a disk is the thread pool's,
 * and so is what is more than the event loop can send.
 */
export class FileCalls {
  readonly #libc: Libc;
  readonly #residency: Residency;
  readonly #inMemory: Turn<number>[] = [];
  readonly #onDisk: Turn[] = [];
  readonly #offset = pinned(8);
  readonly #poolOffsets = Array.from({ length: inPool }, () => pinned(8));
  #waitingForDisk = 0;
  #soon: NodeJS.Immediate | undefined;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#residency = new Residency(libc);
  }

  /**
   * Reads a small part into memory: at once where that takes no disk, for it is done sooner than its turn would come.
   * @returns bytes; 0 at the end of the file; -1 when it cannot be read
   */
  read(from: number, at: number, to: Uint8Array): number | Promise<number> {
    const { length } = to;
    if (this.#residency.has(from, at, length)) return this.#libc.pread(from, to, length, at);
    return new Promise((done) => {
      this.#onDisk.push({ to, from, at, length, done });
      this.#goOn();
    });
  }

  /** Never sends at once: who asks may be called back outside of Node's callback scope, where `done` could not end an answer. */
  send(turn: Turn<number>): void {
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
    if (turn !== undefined) this.#sendHere(turn);
    if (this.#inMemory.length > 0) this.#goOn();
  };

  #sendHere({ to, from, at, length, done }: Turn<number>): void {
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
    const most = Math.min(length, mostAtOnce);
    const made = (error: unknown, moved: number) => {
      const why = error || moved < 0 ? this.#libc.errno() : undefined;
      this.#poolOffsets.push(offset);
      if (mayWaitForDisk) this.#waitingForDisk--;
      done(error ? -1 : moved, why);
      this.#goOn();
    };
    if (typeof to === 'number') this.#libc.sendfileInPool(to, from, offset, most, made);
    else this.#libc.preadInPool(from, to, most, at, made);
    return true;
  }
}

function writeOffset(offset: Uint8Array<ArrayBuffer>, at: number): void {
  const view = new DataView(offset.buffer);
  view.setUint32(0, at % 2 ** 32, true);
  view.setUint32(4, Math.floor(at / 2 ** 32), true);
}
