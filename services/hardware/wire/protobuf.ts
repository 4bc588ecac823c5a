import { concat, toBytes } from '#shared/bytes.ts';

/**
 * The little of protobuf's encoding that answers need whose parts are encoded already: a stored record is put into a list, a
 * watch batch or a status as the bytes that it is, for all who asked at once (protobuf.dev/programming-guides/encoding).
 * Default values are left out, as proto3 does.
 */
const varintType = 0;
const lengthType = 2;

/** An integer from 0 to 2^53 - 1, a bool, or an enum. */
export function varintField(field: number, value: number): Uint8Array {
  return value === 0 ? empty : Uint8Array.from([...varint((field << 3) | varintType), ...varint(value)]);
}

export function stringField(field: number, value: string): Uint8Array {
  return value === '' ? empty : messageField(field, toBytes(value));
}

/** An embedded message, or bytes; written also when it is empty. */
export function messageField(field: number, value: Uint8Array): Uint8Array {
  return concat([Uint8Array.from([...varint((field << 3) | lengthType), ...varint(value.length)]), value]);
}

/** What {@link Writer.varint} writes, in bytes. */
export function lengthOfVarint(field: number, value: number): number {
  return value === 0 ? 0 : varintLength(field << 3) + varintLength(value);
}

/** What {@link Writer.begin} and so many bytes after it are, in bytes. */
export function lengthOfField(field: number, length: number): number {
  return varintLength(field << 3) + varintLength(length) + length;
}

/** Writes a message whose length is known into one piece of memory. */
export class Writer {
  readonly whole: Uint8Array;
  #at = 0;

  constructor(length: number) {
    this.whole = new Uint8Array(length);
  }

  /** As {@link varintField}. */
  varint(field: number, value: number): void {
    if (value === 0) return;
    this.#varint((field << 3) | varintType);
    this.#varint(value);
  }

  /** An embedded message, or bytes, of so many bytes, which are to follow. */
  begin(field: number, length: number): void {
    this.#varint((field << 3) | lengthType);
    this.#varint(length);
  }

  bytes(bytes: Uint8Array): void {
    this.whole.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.whole[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.whole[this.#at++] = rest;
  }
}

const empty = new Uint8Array(0);

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}
