import { MalformedError } from '../../errors.ts';
import { Words } from './words.ts';

/** The two of protobuf's wire types that this contract has (protobuf.dev/programming-guides/encoding), and the two that it may get. */
const varintType = 0;
const fixed64Type = 1;
const lengthType = 2;
const fixed32Type = 5;

const words = new Words();

/**
 * Reads protobuf's encoding field by field: a cursor over a message and those inside it. Copies nothing but texts. What is
 * malformed throws a {@link MalformedError}; no length leads beyond the bytes.
 */
export class ProtobufReader {
  readonly #bytes: Buffer;
  #at = 0;
  #type = varintType;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The end of the outermost message. */
  get end(): number {
    return this.#bytes.length;
  }

  /** The number of the next field of the message that ends at `end`; 0 when there is none left. Its value must be read or skipped. */
  field(end: number): number {
    if (this.#at === end) return 0;
    if (this.#at > end) throw new MalformedError('length', this.#at, 'leads out of its message');
    const tag = this.#varint();
    this.#type = tag & 7;
    if (tag < 8 || tag > 0xffff_ffff) throw new MalformedError('tag', this.#at, 'names no field');
    return tag >>> 3;
  }

  /** An integer from 0 to 2^53 - 1, a bool, or an enum. */
  number(): number {
    this.#expect(varintType);
    return this.#varint();
  }

  flag(): boolean {
    return this.number() !== 0;
  }

  /** Begins an embedded message; gives back where it ends. */
  message(): number {
    this.#expect(lengthType);
    const end = this.#varint() + this.#at;
    if (end > this.#bytes.length) throw new MalformedError('length', this.#at, 'leads out of the bytes');
    return end;
  }

  /** An embedded message as a view of its bytes. */
  bytes(): Buffer {
    const end = this.message();
    const start = this.#at;
    this.#at = end;
    return this.#bytes.subarray(start, end);
  }

  text(): string {
    const end = this.message();
    const start = this.#at;
    this.#at = end;
    return this.#bytes.toString('utf8', start, end);
  }

  /** A text that many records share: it is made once. */
  word(): string {
    const end = this.message();
    const start = this.#at;
    this.#at = end;
    return words.take(this.#bytes, start, end);
  }

  /** An entry of a map of texts. */
  entry(): readonly [key: string, value: string] {
    let key = '';
    let value = '';
    const end = this.message();
    for (let field = this.field(end); field !== 0; field = this.field(end)) {
      if (field === 1) key = this.word();
      else if (field === 2) value = this.word();
      else this.skip();
    }
    return [key, value];
  }

  skip(): void {
    if (this.#type === varintType) this.#varint();
    else if (this.#type === lengthType) this.#at = this.message();
    else if (this.#type === fixed64Type) this.#at += 8;
    else if (this.#type === fixed32Type) this.#at += 4;
    else throw new MalformedError('tag', this.#at, `has the wire type ${this.#type}`);
  }

  #expect(type: number): void {
    if (this.#type !== type) throw new MalformedError('tag', this.#at, `has the wire type ${this.#type}`);
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 63; scale *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      if (byte < 0x80) return value + byte * scale;
      value += (byte & 0x7f) * scale;
    }
    throw new MalformedError('varint', this.#at, 'has no end');
  }
}
