import type { FileHandle } from 'node:fs/promises';
import type { Range } from '../wire/range.ts';

/** What is sent of an open file: not empty. */
export class FilePart {
  readonly handle: FileHandle;
  readonly range: Range;
  /** Others may be reading the same open file: who sends this says when it has done with it, once. */
  readonly release: () => void;

  constructor(handle: FileHandle, range: Range, release: () => void) {
    this.handle = handle;
    this.range = range;
    this.release = release;
  }
}

/** A part that has been read. */
export class PartBytes {
  readonly bytes: Uint8Array;
  /** To be called once, when nobody needs them any more: their memory is then used for others. */
  readonly release: () => void;

  constructor(bytes: Uint8Array, release: () => void) {
    this.bytes = bytes;
    this.release = release;
  }
}

/** A part on its way to a client. */
export interface Sending {
  /** Bytes of the file that have left. */
  readonly bytesRead: number;
  /**
   * Bytes of them that the client has: the kernel may hold megabytes for one that takes nothing. Undefined while the kernel is being
   * given more: then it cannot be told from what is there already.
   */
  readonly taken: number | undefined;
  /** Ends it, wherever it is. @param stopped called once nothing of it can leave any more, which may be at once */
  stop(stopped: () => void): void;
}

/** How a sending ended by itself: `file-changed` when the file ended before the part did, `gone` when it was the client that failed. */
export type Ending = 'sent' | 'file-changed' | 'file-unreadable' | 'gone';
