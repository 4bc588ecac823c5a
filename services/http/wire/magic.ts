import { concat } from '#shared/bytes.ts';

/**
 * A text to look for in bytes that come piece by piece. It never overlaps itself (`overlapsItself`): else a search that starts
 * in the middle of a file would find other places than one that starts at its beginning.
 */
export class Magic {
  readonly bytes: Uint8Array;
  /** By byte: how far the text may be moved on when that byte stands under its end (Horspool). */
  readonly #skips: Uint32Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#skips = new Uint32Array(256).fill(bytes.length);
    for (const [at, byte] of bytes.subarray(0, -1).entries()) this.#skips[byte] = bytes.length - 1 - at;
  }

  get length(): number {
    return this.bytes.length;
  }

  /** Where it stands next, at `from` or later; -1 when nowhere. */
  find(bytes: Uint8Array, from = 0): number {
    const last = this.length - 1;
    let at = from;
    while (at + last < bytes.length) {
      if (this.#stands(bytes, at, this.length)) return at;
      at += this.#skips[bytes[at + last] ?? 0] ?? 1;
    }
    return -1;
  }

  /** How many of the last bytes are the beginning of it, and so may become one with what follows. */
  begunAtEnd(bytes: Uint8Array): number {
    for (let at = Math.max(0, bytes.length - this.length + 1); at < bytes.length; at++) {
      if (this.#stands(bytes, at, bytes.length - at)) return bytes.length - at;
    }
    return 0;
  }

  #stands(bytes: Uint8Array, at: number, length: number): boolean {
    for (let one = 0; one < length; one++) if (bytes[at + one] !== this.bytes[one]) return false;
    return true;
  }
}

/** Whether a text begins as it ends, so that two occurrences could share bytes. */
export function overlapsItself(text: string): boolean {
  for (let length = 1; length < text.length; length++) {
    if (text.startsWith(text.slice(-length))) return true;
  }
  return false;
}

/**
 * Writes a patch over every occurrence in bytes that come piece by piece, also over those that lie on a border between pieces.
 * What comes out is as long as what went in; it only holds back, until the next piece, what may be the beginning of one.
 */
export class Patcher {
  readonly #magic: Magic;
  readonly #patch: Uint8Array;
  readonly #found: (at: number) => void;
  #held = new Uint8Array();
  /** Offset of the first byte held, from the first byte of all. */
  #at = 0;

  /**
   * @param patch as long as the magic string
   * @param found is told where each occurrence begins, counted from the first byte that came
   */
  constructor(magic: Magic, patch: Uint8Array, found: (at: number) => void = () => {}) {
    this.#magic = magic;
    this.#patch = patch;
    this.#found = found;
  }

  push(piece: Uint8Array): Uint8Array {
    const bytes = this.#held.length === 0 ? piece : concat([this.#held, piece]);
    const places: number[] = [];
    for (let at = this.#magic.find(bytes); at !== -1; at = this.#magic.find(bytes, at + this.#magic.length)) {
      places.push(at);
      this.#found(this.#at + at);
    }
    const whole = bytes.length - this.#magic.begunAtEnd(bytes);
    this.#held = bytes.slice(whole);
    this.#at += whole;
    return overlay(bytes.subarray(0, whole), 0, places, this.#patch);
  }

  /** What was held back: nothing followed that would make it an occurrence. */
  end(): Uint8Array {
    const rest = this.#held;
    this.#held = new Uint8Array();
    return rest;
  }
}

/**
 * The piece with the patch written over every place, or the piece itself where there is none.
 *
 * @param at offset of the piece in the file
 * @param places offsets in the file, rising; one may begin before the piece or end behind it
 */
export function overlay(
  piece: Uint8Array,
  at: number,
  places: readonly number[],
  patch: Uint8Array,
): Uint8Array {
  let patched = piece;
  for (let next = firstAfter(places, at - patch.length); next < places.length; next++) {
    const from = (places[next] ?? 0) - at;
    if (from >= piece.length) break;
    if (patched === piece) patched = Uint8Array.from(piece);
    patched.set(patch.subarray(Math.max(0, -from), piece.length - from), Math.max(0, from));
  }
  return patched;
}

/** Index of the first number greater than `bound`. */
function firstAfter(numbers: readonly number[], bound: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
