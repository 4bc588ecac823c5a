import type { FileHandle } from 'node:fs/promises';

/** Bytes that are looked through at a time. */
const piece = 65_536;

/** A file that is looked at here and there. Nothing of it is kept. */
export class Reading {
  readonly handle: FileHandle;
  /** Bytes. */
  readonly size: number;
  readonly signal: AbortSignal;

  /** @param signal ends every look, by a rejection */
  constructor(handle: FileHandle, size: number, signal: AbortSignal) {
    this.handle = handle;
    this.size = size;
    this.signal = signal;
  }

  /** So many bytes; undefined when the file ends before. */
  async at(offset: number, length: number): Promise<Buffer | undefined> {
    this.signal.throwIfAborted();
    const { buffer, bytesRead } = await this.handle.read(Buffer.allocUnsafe(length), 0, length, offset);
    return bytesRead === length ? buffer : undefined;
  }

  /** Where zeros end that begin there: what stands between the parts of an initrd. */
  async afterZeros(offset: number): Promise<number> {
    for await (const [start, bytes] of this.pieces(offset)) {
      const found = bytes.findIndex((byte) => byte !== 0);
      if (found !== -1) return start + found;
    }
    return this.size;
  }

  /** The rest of the file, piece by piece, each with `overlap` bytes of the next. */
  async *pieces(offset: number, overlap = 0): AsyncGenerator<readonly [start: number, bytes: Buffer]> {
    for (let start = offset; start < this.size; start += piece) {
      const bytes = await this.at(start, Math.min(piece + overlap, this.size - start));
      if (bytes === undefined) return;
      yield [start, bytes];
    }
  }
}
