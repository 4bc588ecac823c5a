import { equal, toBytes } from '../bytes.ts';
import { ConfigError } from '../errors.ts';

/**
 * The text that Tinkerbell's iPXE builds carry inside their embedded script, as a place to write a script fragment over
 * (tinkerbell/ipxedust, binary/binary.go): two comment lines, so that an unpatched binary runs too.
 */
export const magicString = toBytes(
  '#a8b7e61f1075c37a793f2f92cee89f7bba00c4a8d7842ce3d40b5889032d8881\n' +
    '#ddd16a4fc4926ecefdfb6941e33c44ed3647133638f5e84021ea44d3152e7f97',
);

const space = 0x20;

/**
 * The bytes with every occurrence of the magic string replaced by the fragment, padded with spaces so that nothing moves. A
 * binary without it (Debian's iPXE, for one) comes back as it is.
 * @throws {ConfigError} when the fragment is longer than the magic string
 */
export function patchLoader(bytes: Uint8Array, fragment: string): Uint8Array {
  const patch = paddedPatch(fragment);
  if (fragment === '') return bytes;
  let patched: Uint8Array | undefined;
  for (let at = find(bytes, 0); at !== -1; at = find(bytes, at + magicString.length)) {
    patched ??= Uint8Array.from(bytes);
    patched.set(patch, at);
  }
  return patched ?? bytes;
}

function paddedPatch(fragment: string): Uint8Array {
  const text = toBytes(fragment);
  if (text.length > magicString.length) {
    throw new ConfigError([
      `the iPXE script patch has ${text.length} bytes; the binaries have room for ${magicString.length}: shorten --ipxe-script-patch`,
    ]);
  }
  const padded = new Uint8Array(magicString.length).fill(space);
  padded.set(text);
  return padded;
}

function find(bytes: Uint8Array, from: number): number {
  const first = magicString[0] ?? 0;
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (equal(bytes.subarray(at, at + magicString.length), magicString)) return at;
  }
  return -1;
}
