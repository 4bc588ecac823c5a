import { bzImage } from './bzimage.ts';
import { cpio } from './cpio.ts';
import { gzip } from './gzip.ts';
import { lz4 } from './lz4.ts';
import type { Reading } from './reading.ts';
import { xz } from './xz.ts';
import { skippable, zstd } from './zstd.ts';

/**
 * How far a container reaches: to the offset after it; `cut`: its file ends in the middle of it; `unknown`: that cannot be told,
 * and nothing is said about what follows.
 */
type Reach = number | 'cut' | 'unknown';

/** Finds out where a container ends that begins there. */
export type Reacher = (file: Reading, start: number) => Promise<Reach>;

/** By the bytes that they begin with. */
const formats: readonly (readonly [magic: readonly number[], at: number, reach: Reacher])[] = [
  [[0x1f, 0x8b], 0, gzip],
  [[0x28, 0xb5, 0x2f, 0xfd], 0, zstd],
  [[0x2a, 0x4d, 0x18], 1, skippable],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], 0, xz],
  [[0x02, 0x21, 0x4c, 0x18], 0, lz4],
  [[...Buffer.from('070701')], 0, cpio],
  [[...Buffer.from('070702')], 0, cpio],
  [[...Buffer.from('HdrS')], 0x202, bzImage],
];

/** Bytes from which a format is known. */
const headLength = 0x206;

/**
 * Whether a file surely ends in the middle of what it holds: a kernel, or an initrd, which is one container after the other with
 * zeros in between (Linux, Documentation/driver-api/early-userspace/buffer-format.rst).
 */
export async function isCut(file: Reading): Promise<boolean> {
  for (let start = 0; start < file.size; ) {
    const reach = await reachOf(file, start);
    if (reach === 'cut') return true;
    if (reach === 'unknown') return false;
    start = await file.afterZeros(reach);
  }
  return false;
}

async function reachOf(file: Reading, start: number): Promise<Reach> {
  const head = (await file.at(start, Math.min(headLength, file.size - start))) ?? Buffer.alloc(0);
  const found = formats.find(([magic, at]) => magic.every((byte, index) => head[at + index] === byte));
  return found === undefined ? 'unknown' : await found[2](file, start);
}
