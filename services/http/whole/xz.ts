import { crc32 } from 'node:zlib';
import type { Reacher } from './check.ts';

const footerLength = 12;
const footerMagic = Buffer.from('YZ');

/**
 * A stream ends with a footer, whose checksum tells it from the same letters in the data (The .xz File Format §2.1.2). Where none
 * is, the end is missing; what may follow one is not looked at.
 */
export const xz: Reacher = async (file, start) => {
  for await (const [, bytes] of file.pieces(start, footerLength)) {
    for (let at = bytes.indexOf(footerMagic); at !== -1; at = bytes.indexOf(footerMagic, at + 1)) {
      const from = at + footerMagic.length - footerLength;
      if (from >= 0 && isFooter(bytes.subarray(from, from + footerLength))) return 'unknown';
    }
  }
  return 'cut';
};

function isFooter(bytes: Buffer): boolean {
  return bytes.readUInt32LE(0) === crc32(bytes.subarray(4, 10));
}
