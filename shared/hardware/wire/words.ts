const slots = 4096;

/** Longer texts are a machine's own. */
const longest = 64;

/**
 * Texts that many records share, such as an architecture or a kernel argument: finding one by its bytes is cheaper than making
 * it, and a hundred thousand records hold it once. A table of fixed size, in which a text gives way to the next with its hash.
 */
export class Words {
  readonly #known: string[] = new Array<string>(slots).fill('');

  /** The UTF-8 text of the bytes from `start` to `end`. */
  take(bytes: Buffer, start: number, end: number): string {
    if (end - start > longest) return bytes.toString('utf8', start, end);
    let hash = 0;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const slot = (hash ^ (hash >>> 12)) & (slots - 1);
    const known = this.#known[slot];
    if (known !== undefined && isAscii(known, bytes, start, end)) return known;
    const text = bytes.toString('utf8', start, end);
    this.#known[slot] = text;
    return text;
  }
}

/** Whether the bytes are that text, and ASCII: any other text is made anew. */
function isAscii(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f || code !== bytes[start + at]) return false;
  }
  return true;
}
