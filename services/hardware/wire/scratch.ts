const varintType = 0;
const lengthType = 2;

/** Of a length, at most; and of a tag and a number. */
const longestLength = 5;
const longestNumber = 12;

/**
 * Writes one message after the other into the same memory, and gives out a copy of each: nobody needs to know how long it will be.
 * Fields are below 16. What is undefined is not written, and what is 0 or empty is.
 */
export class Scratch {
  #bytes = Buffer.allocUnsafe(4096);
  #at = 0;

  /** An integer from 0 to 2^53 - 1, a bool, or an enum. */
  number(field: number, value: number | undefined): void {
    if (value === undefined) return;
    this.#reserve(longestNumber);
    this.#bytes[this.#at++] = (field << 3) | varintType;
    this.#varint(value);
  }

  text(field: number, value: string | undefined): void {
    if (value === undefined) return;
    this.#reserve(value.length * 3 + longestNumber);
    const begun = this.begin(field);
    this.#at += this.#bytes.write(value, begun);
    this.end(begun);
  }

  /** An embedded message; gives back what is to be given to `end` after it. */
  begin(field: number): number {
    this.#reserve(longestNumber);
    this.#bytes[this.#at++] = (field << 3) | lengthType;
    // Nearly every length is one byte.
    return ++this.#at;
  }

  end(begun: number): void {
    const length = this.#at - begun;
    this.#at = begun - 1;
    if (length >= 0x80) {
      this.#reserve(length + longestLength);
      let lengthBytes = 1;
      for (let rest = length; rest >= 0x80; rest >>>= 7) lengthBytes++;
      this.#bytes.copyWithin(this.#at + lengthBytes, begun, begun + length);
    }
    this.#varint(length);
    this.#at += length;
  }

  /** What was written since the last time. */
  take(): Uint8Array {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
    return taken;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#at++] = rest;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#at + bytes));
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
}
