import type { Reacher } from './check.ts';

const magic = 0x184c_2102;

/** A block holds 8 MiB, and grows a little when it cannot be compressed. */
const longestBlock = 8_421_520;

/** The old format, which kernels use: block after block, each behind its length, to the end of the file. */
export const lz4: Reacher = async (file, start) => {
  for (let here = start + 4; ; ) {
    if (here === file.size) return here;
    const length = (await file.at(here, 4))?.readUInt32LE(0);
    if (length === undefined) return 'cut';
    if (length === magic) return here;
    if (length === 0 || length > longestBlock) return 'unknown';
    here += 4 + length;
    if (here > file.size) return 'cut';
  }
};
