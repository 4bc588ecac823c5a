import type { OpenedFile, Refused } from '#shared/assets/open.ts';

/** What a transfer sends: bytes that can be read at any place, as often as blocks are lost. */
export interface Source {
  /** Bytes. */
  readonly size: number;
  /** Up to `length` bytes from `offset`; fewer only at the end. At once when they are in memory. */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array | Refused>;
  /** Never rejects: there is nothing that anybody could do about it. */
  close(): Promise<void>;
}

export function memorySource(bytes: Uint8Array): Source {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    close: () => Promise.resolve(),
  };
}

const nothing = new Uint8Array();

/** Bytes that are read from a file at a time: several blocks, so that most ACKs are answered from memory. */
const readAhead = 16 * 1024;

/**
 * A file, read piece by piece. It must stay as it was when the transfer began: a boot loader made of two versions is worse
 * than none, so a change ends the transfer.
 */
export function fileSource(file: OpenedFile): Source {
  const { handle, size } = file;
  let piece: Uint8Array = new Uint8Array();
  let start = 0;

  const load = async (offset: number, length: number): Promise<Uint8Array | Refused> => {
    try {
      const wanted = Math.min(Math.max(length, readAhead), size - offset);
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, offset);
      if (bytesRead < length || (await hasChanged(file))) return { why: 'file-changed' };
      piece = buffer.subarray(0, bytesRead);
      start = offset;
      return buffer.subarray(0, length);
    } catch {
      return { why: 'file-unreadable' };
    }
  };

  return {
    size,
    read(offset, wanted) {
      const length = Math.min(wanted, size - offset);
      if (length <= 0) return nothing;
      const from = offset - start;
      if (from >= 0 && from + length <= piece.length) return piece.subarray(from, from + length);
      return load(offset, length);
    },
    close: () => handle.close().catch(() => {}),
  };
}

/**
 * Whether other bytes were written into a file since it was opened. One that was only renamed over is as it was, though its
 * change time is another: running transfers keep it.
 */
export async function hasChanged({ handle, size, modified }: OpenedFile): Promise<boolean> {
  const now = await handle.stat();
  return now.size !== size || +now.mtime !== +modified;
}
