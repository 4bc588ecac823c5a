/** A message as it goes over the wire, with its number. */
interface Kept {
  readonly seq: number;
  readonly text: Buffer;
}

/** The last messages, for those who were away for a moment; bounded by their bytes. */
export class Recent {
  readonly #most: number;
  readonly #kept: Kept[] = [];
  #bytes = 0;
  #seq = 0;

  /** @param most bytes that are kept */
  constructor(most: number) {
    this.#most = most;
  }

  /** The number of the last message; 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  /** Gives a message the next number and keeps it. @param encode writes it, its number in it */
  add(encode: (seq: number) => string): Buffer {
    const text = Buffer.from(encode(++this.#seq));
    this.#kept.push({ seq: this.#seq, text });
    this.#bytes += text.length;
    let old = 0;
    while (this.#bytes > this.#most) this.#bytes -= this.#kept[old++]?.text.length ?? 0;
    this.#kept.splice(0, old);
    return text;
  }

  /** What came after that number; undefined when it is not all here. */
  after(seq: number): readonly Buffer[] | undefined {
    if (!Number.isInteger(seq) || seq > this.#seq || seq < this.#seq - this.#kept.length) return undefined;
    return this.#kept.slice(this.#kept.length - (this.#seq - seq)).map(({ text }) => text);
  }
}
