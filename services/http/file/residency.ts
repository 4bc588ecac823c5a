import { type Libc, pinned } from '#shared/udp/libc.ts';

/** Whether parts of files are in the page cache, so that who reads them waits for no disk (cachestat(2), since Linux 6.5). */
export class Residency {
  readonly #libc: Libc;
  /** What the kernel counts in, in bytes. */
  readonly #page: number;
  readonly #range = pinned(16);
  readonly #said = pinned(40);

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#page = libc.pageSize();
  }

  /** False also where the kernel does not say. */
  has(fd: number, start: number, length: number): boolean {
    const range = new DataView(this.#range.buffer);
    range.setBigUint64(0, BigInt(start), true);
    range.setBigUint64(8, BigInt(length), true);
    if (this.#libc.cachestat(fd, this.#range, this.#said) < 0) return false;
    const cached = new DataView(this.#said.buffer).getUint32(0, true);
    return cached >= Math.ceil((start + length) / this.#page) - Math.floor(start / this.#page);
  }
}
