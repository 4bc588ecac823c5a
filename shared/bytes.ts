/** Bytes to and from numbers and text: big-endian (network order), no I/O, views instead of copies. */

export function readU16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

export function readU32(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset) * 0x1_0000 + readU16(bytes, offset + 2);
}

export function writeU16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 8;
  bytes[offset + 1] = value;
}

export function writeU32(bytes: Uint8Array, offset: number, value: number): void {
  writeU16(bytes, offset, value >>> 16);
  writeU16(bytes, offset + 2, value);
}

const blockSize = 0x1_0000;
let block = new ArrayBuffer(0);
let used = 0;

/**
 * Fresh bytes, all zero. They are cut from larger blocks, none of which is used twice: V8 gives every typed array of more
 * than 64 bytes memory of its own, and that costs more than all else about a packet of 300 bytes.
 */
export function zeros(length: number): Uint8Array {
  if (length > blockSize / 8) return new Uint8Array(length);
  if (used + length > block.byteLength) {
    block = new ArrayBuffer(blockSize);
    used = 0;
  }
  const bytes = new Uint8Array(block, used, length);
  used += length;
  return bytes;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

const hexOfBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `0a`, of one byte */
export function hexOf(byte: number): string {
  return hexOfBytes[byte & 0xff] ?? '';
}

/** `0a0bff` */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexOf(byte);
  return text;
}

/** The bytes of `0a0bff`, white space and colons between them allowed; undefined when it is not hex. */
export function fromHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/[\s:]/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) return undefined;
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  );
}

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8');

/** As UTF-8. Short ASCII, which is nearly all that packets hold, goes without the encoder, whose every call costs. */
export function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return utf8.encode(text);
    bytes[at] = code;
  }
  return bytes;
}

/** Text of bytes, as UTF-8; what is not UTF-8 becomes U+FFFD. Trailing NULs, which many clients send, are cut off. */
export function toText(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return fromUtf8.decode(bytes.subarray(0, end));
}
