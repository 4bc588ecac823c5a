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
export function fileSource({ handle, size, modified }: OpenedFile): Source {
  let piece: Uint8Array = new Uint8Array();
  let start = 0;

  const load = async (offset: number, length: number): Promise<Uint8Array | Refused> => {
    try {
      const wanted = Math.min(Math.max(length, readAhead), size - offset);
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, offset);
      const now = await handle.stat();
      if (bytesRead < length || now.size !== size || +now.mtime !== +modified) return { why: 'file-changed' };
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
