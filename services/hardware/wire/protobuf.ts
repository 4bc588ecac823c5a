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
