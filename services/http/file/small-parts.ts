import type { Refused } from '#shared/assets/open.ts';
import { pinned } from '#shared/udp/libc.ts';
import type { FileCalls } from './calls.ts';
import { type FilePart, PartBytes } from './part.ts';

/** Bytes of a part that is small: a new connection takes as many, and a head before them, at once (over Ethernet 78 000 in all). */
const small = 65_536;

/** Parts that are kept for clients that do not take them, 16 MiB in all. What comes beyond them is sent as large parts are. */
const mostKept = 256;

/**
 * Reads small parts into memory, so that each leaves together with its head, in one call. Of two calls the first may be our last: then a
 * proxy before us has a head and no body, and can ask nobody else for it. What cannot be read can be refused, too: nothing has left yet.
 */
export class SmallParts {
  readonly #calls: FileCalls | undefined;
  /** Used again and again: new memory costs more than to read into it. */
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  #kept = 0;

  /** @param calls undefined: small parts are sent as large ones are */
  constructor(calls: FileCalls | undefined) {
    this.#calls = calls;
  }

  /** The bytes of a small part, which it releases; any other part as it is. */
  async read(part: FilePart): Promise<PartBytes | FilePart | Refused> {
    const { handle, range, release } = part;
    const length = range.end - range.start;
    if (this.#calls === undefined || length > small || this.#kept === mostKept) return part;
    this.#kept++;
    const memory = this.#free.pop() ?? pinned(small);
    const bytes = memory.subarray(0, length);
    const giveBack = () => {
      this.#kept--;
      this.#free.push(memory);
    };
    const why = await fill(bytes, this.#calls, handle.fd, range.start);
    release();
    if (why === undefined) return new PartBytes(bytes, giveBack);
    giveBack();
    return { why };
  }
}

/** Why it could not be filled. */
async function fill(
  bytes: Uint8Array,
  calls: FileCalls,
  from: number,
  start: number,
): Promise<'file-changed' | 'file-unreadable' | undefined> {
  for (let at = 0; at < bytes.length; ) {
    const read = await calls.read(from, start + at, bytes.subarray(at));
    if (read <= 0) return read === 0 ? 'file-changed' : 'file-unreadable';
    at += read;
  }
  return undefined;
}
