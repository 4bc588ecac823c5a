import { type Libc, pinned } from '#shared/udp/libc.ts';

/**
 * Whether parts of files are in the page cache, so that who reads them waits for no disk (cachestat(2), since Linux 6.5). Pages are counted
 * there from when they are asked of the disk: when many ask for the same file, all but the first would wait for it. So the last page
 * must be readable at once, too; those before it came sooner.
 */
export class Residency {
  readonly #libc: Libc;
  /** What the kernel counts in, in bytes. */
  readonly #page: number;
  readonly #range = pinned(16);
  readonly #said = pinned(40);
  /** The same in words of 32 bits: to write them so takes half as long as in 64. */
  readonly #asked = new Uint32Array(this.#range.buffer, 0, 4);
  readonly #counts = new Uint32Array(this.#said.buffer, 0, 1);
  /** What is read goes there, and where that is (`struct iovec`). */
  readonly #byte = pinned(1);
  readonly #into = pinned(16);

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#page = libc.pageSize();
    const into = new DataView(this.#into.buffer);
    into.setBigUint64(0, libc.addressOf(this.#byte), true);
    into.setBigUint64(8, 1n, true);
  }

  /** False also where the kernel does not say. @param length less than 4 GiB */
  has(fd: number, start: number, length: number): boolean {
    this.#asked[0] = start % 2 ** 32;
    this.#asked[1] = Math.floor(start / 2 ** 32);
    this.#asked[2] = length;
    if (this.#libc.cachestat(fd, this.#range, this.#said) < 0) return false;
    const cached = this.#counts[0] ?? 0;
    const end = start + length;
    if (cached < Math.ceil(end / this.#page) - Math.floor(start / this.#page)) return false;
    return !this.#isUnderWay(fd, end - 1);
  }

  /** Not every file system says so (EOPNOTSUPP): overlayfs and those of networks do not. */
  #isUnderWay(fd: number, at: number): boolean {
    return this.#libc.preadvNow(fd, this.#into, at) < 0 && this.#libc.errno() === 'EAGAIN';
  }
}
