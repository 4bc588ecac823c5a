/** Bytes of a file, from `start` up to but without `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * A Range field (RFC 9110 §14.1.2, §14.2), for a file of `size` bytes. Undefined where the field is to be ignored and the whole
 * file is the answer: another unit, wrong syntax, a last byte before the first, or several ranges (as with artifacts: no boot
 * client asks for them, and §14.2 lets a server ignore them).
 */
export function parseRange(field: string, size: number): Range | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(field) ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}

/** What a 206 says it holds, and of how much: `bytes 0-0/5000` (§14.4). Undefined when it is not that, or the size is not said. */
export function parseContentRange(field: string): (Range & { readonly size: number }) | undefined {
  const [, first, last, whole] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/i.exec(field) ?? [];
  if (whole === undefined) return undefined;
  const [start, end, size] = [Number(first), Number(last) + 1, Number(whole)];
  return start < end && end <= size ? { start, end, size } : undefined;
}

/** The range with so many bytes more on both sides, as far as the file has them. */
export function widen({ start, end }: Range, by: number, size: number): Range {
  return { start: Math.max(0, start - by), end: Math.min(size, end + by) };
}

/** Cuts the bytes of one range out of those of a wider one, which come piece by piece. */
export class Cut {
  #skip: number;
  #left: number;

  constructor(wide: Range, range: Range) {
    this.#skip = range.start - wide.start;
    this.#left = range.end - range.start;
  }

  take(piece: Uint8Array): Uint8Array {
    const from = Math.min(this.#skip, piece.length);
    const part = piece.subarray(from, Math.min(piece.length, from + this.#left));
    this.#skip -= from;
    this.#left -= part.length;
    return part;
  }
}
