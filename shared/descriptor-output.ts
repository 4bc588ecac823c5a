import { write, writeSync } from 'node:fs';

/** Small pieces that wait are joined, up to so many bytes: else a full disk that has room again would take them one by one. */
const joinedUpTo = 65_536;

/** A descriptor that takes nothing for now is tried again after so many milliseconds, … */
const triesAgainAfter = 100;
/** … or, where the process cannot go on meanwhile, after so many; and given up when it takes nothing for so many. */
const pause = 10;
const patience = 1000;

/**
 * Writes to a descriptor, one piece after the other, off the event loop's thread. What cannot be written (a full disk, no reader)
 * waits, up to a bound, and is tried again with the next piece.
 */
export class DescriptorOutput {
  readonly #fd: number;
  readonly #mayWait: number;
  readonly #drop: (lines: string) => void;
  readonly #waiting: Buffer[] = [];
  #bytes = 0;
  /** The first of them is in another thread's hands; a process that exits waits for that. */
  #isWriting = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param mayWait bytes @param drop is called with what finds no room */
  constructor(fd: number, mayWait: number, drop: (lines: string) => void) {
    this.#fd = fd;
    this.#mayWait = mayWait;
    this.#drop = drop;
  }

  write(lines: string): void {
    const bytes = Buffer.from(lines);
    if (this.#bytes + bytes.length > this.#mayWait) {
      this.#drop(lines);
      return;
    }
    this.#bytes += bytes.length;
    const last = this.#waiting.length - 1;
    const before = last < this.#free ? undefined : this.#waiting[last];
    if (before !== undefined && before.length + bytes.length <= joinedUpTo)
      this.#waiting[last] = Buffer.concat([before, bytes]);
    else this.#waiting.push(bytes);
    this.#next();
  }

  /** Writes at once all that is not on its way already, as far as that can be done: it neither throws nor waits for ever. */
  flushSync(): void {
    const from = this.#free;
    for (let since = performance.now(); this.#waiting.length > from; ) {
      try {
        this.#wrote(from, writeSync(this.#fd, this.#waiting[from] ?? Buffer.alloc(0)));
        since = performance.now();
      } catch (error) {
        if (!isBusy(error) || performance.now() - since > patience) return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
      }
    }
  }

  /** The first that nobody writes now. */
  get #free(): number {
    return this.#isWriting ? 1 : 0;
  }

  #next(): void {
    const [first] = this.#waiting;
    if (first === undefined || this.#isWriting) return;
    this.#isWriting = true;
    write(this.#fd, first, (error, count) => {
      this.#isWriting = false;
      if (error === null) {
        this.#wrote(0, count);
        this.#next();
      } else if (isBusy(error)) this.#later();
    });
  }

  #wrote(at: number, count: number): void {
    const bytes = this.#waiting[at];
    if (bytes === undefined) return;
    this.#bytes -= count;
    if (count < bytes.length) this.#waiting[at] = bytes.subarray(count);
    else this.#waiting.splice(at, 1);
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#next();
    }, triesAgainAfter);
  }
}

/** It takes no more for now. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EBUSY');
}
