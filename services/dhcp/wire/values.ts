import { concat, readU16, readU32, toBytes, toText, writeU16, writeU32 } from '#shared/bytes.ts';
import { maskOf } from '#shared/ip4.ts';
import type { Route, SubOption, ValueKind, ValueTypes } from './codes.ts';
import { decodeDomains, encodeDomains } from './domains.ts';
import { malformed, type Place } from './place.ts';

/** A value kind in both directions: decode(encode(x)) = x. `decode` throws {@link MalformedError}. */
interface Codec<T> {
  decode(bytes: Uint8Array, place: Place): T;
  encode(value: T): Uint8Array;
}

const raw: Codec<Uint8Array> = { decode: (bytes) => bytes, encode: (bytes) => bytes };

const codecs: { readonly [K in ValueKind]: Codec<ValueTypes[K]> } = {
  ip: {
    decode: (bytes, place) => readU32(exactly(4, bytes, place), 0),
    encode: encodeU32,
  },
  ips: {
    decode: (bytes, place) => each(4, bytes, place, readU32),
    encode: encodeU32s,
  },
  u8: {
    decode: (bytes, place) => exactly(1, bytes, place)[0] ?? 0,
    encode: (value) => Uint8Array.of(value),
  },
  u16: {
    decode: (bytes, place) => readU16(exactly(2, bytes, place), 0),
    encode: (value) => encodeU16s([value]),
  },
  u32: {
    decode: (bytes, place) => readU32(exactly(4, bytes, place), 0),
    encode: encodeU32,
  },
  u16s: {
    decode: (bytes, place) => each(2, bytes, place, readU16),
    encode: encodeU16s,
  },
  text: { decode: toText, encode: toBytes },
  bytes: raw,
  'relay-info': raw,
  domains: { decode: decodeDomains, encode: encodeDomains },
  routes: { decode: decodeRoutes, encode: encodeRoutes },
  'user-class': { decode: decodeUserClass, encode: encodeUserClass },
  'sub-options': { decode: decodeSubOptions, encode: encodeSubOptions },
};

/** @throws {MalformedError} naming the place */
export function decodeValue<K extends ValueKind>(kind: K, bytes: Uint8Array, place: Place): ValueTypes[K] {
  return codecs[kind].decode(bytes, place);
}

export function encodeValue<K extends ValueKind>(kind: K, value: ValueTypes[K]): Uint8Array {
  return codecs[kind].encode(value);
}

function exactly(length: number, bytes: Uint8Array, place: Place): Uint8Array {
  if (bytes.length === length) return bytes;
  throw malformed(place, `must be ${length} bytes long and is ${bytes.length}`);
}

function each(
  size: number,
  bytes: Uint8Array,
  place: Place,
  read: (bytes: Uint8Array, offset: number) => number,
): number[] {
  if (bytes.length === 0 || bytes.length % size !== 0) {
    throw malformed(place, `must be a multiple of ${size} bytes long and is ${bytes.length}`);
  }
  return Array.from({ length: bytes.length / size }, (_, at) => read(bytes, at * size));
}

function encodeU16s(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  for (const [at, value] of values.entries()) writeU16(bytes, at * 2, value);
  return bytes;
}

function encodeU32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  writeU32(bytes, 0, value);
  return bytes;
}

function encodeU32s(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  let at = 0;
  for (const value of values) {
    writeU32(bytes, at, value);
    at += 4;
  }
  return bytes;
}

/** RFC 3442: prefix length, only the significant octets of the network, router; again and again. */
function decodeRoutes(bytes: Uint8Array, place: Place): Route[] {
  const routes: Route[] = [];
  let at = 0;
  while (at < bytes.length) {
    const prefix = bytes[at] ?? 0;
    if (prefix > 32) throw malformed(place, `a route has a prefix length of ${prefix}`);
    const octets = Math.ceil(prefix / 8);
    if (at + 1 + octets + 4 > bytes.length) throw malformed(place, 'the last route is cut off');
    const network = new Uint8Array(4);
    network.set(bytes.subarray(at + 1, at + 1 + octets));
    routes.push({
      // Host bits that are set all the same carry no meaning (RFC 3442, "Classless Route Option Format").
      destination: { network: (readU32(network, 0) & maskOf(prefix)) >>> 0, prefix },
      router: readU32(bytes, at + 1 + octets),
    });
    at += 1 + octets + 4;
  }
  return routes;
}

function encodeRoutes(routes: readonly Route[]): Uint8Array {
  return concat(
    routes.map(({ destination: { network, prefix }, router }) =>
      concat([
        Uint8Array.of(prefix),
        encodeU32(network).subarray(0, Math.ceil(prefix / 8)),
        encodeU32(router),
      ]),
    ),
  );
}

/**
 * RFC 3004: one or more classes, each with its length in front. iPXE and others send the plain text: what does not divide
 * into lengths to the last byte is one plain class.
 */
function decodeUserClass(bytes: Uint8Array): string[] {
  const classes: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const next = at + 1 + (bytes[at] ?? 0);
    if (next > bytes.length || next === at + 1) return [toText(bytes)];
    classes.push(toText(bytes.subarray(at + 1, next)));
    at = next;
  }
  return classes;
}

function encodeUserClass(classes: readonly string[]): Uint8Array {
  return concat(classes.map(toBytes).map((bytes) => concat([Uint8Array.of(bytes.length), bytes])));
}

/** Code, length, bytes; PAD and END as in the options field (RFC 2132 §8.4). */
function decodeSubOptions(bytes: Uint8Array, place: Place): SubOption[] {
  const found: SubOption[] = [];
  let at = 0;
  while (at < bytes.length) {
    const code = bytes[at] ?? 0;
    if (code === 255) break;
    if (code === 0) {
      at++;
      continue;
    }
    const next = at + 2 + (bytes[at + 1] ?? 0);
    if (at + 1 >= bytes.length || next > bytes.length) {
      throw malformed(place, `sub-option ${code} reaches over the end`);
    }
    found.push({ code, bytes: bytes.subarray(at + 2, next) });
    at = next;
  }
  return found;
}

function encodeSubOptions(options: readonly SubOption[]): Uint8Array {
  return concat(options.map(({ code, bytes }) => concat([Uint8Array.of(code, bytes.length), bytes])));
}
