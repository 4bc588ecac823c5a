import type { Reacher } from './check.ts';

/** Bytes of the fields of a frame header, by the bits of its descriptor (RFC 8878 §3.1.1.1). */
const dictionaryIds = [0, 1, 2, 4] as const;
const contentSizes = [0, 2, 4, 8] as const;

const magicLength = 4;
const [raw, rle, compressed] = [0, 1, 2];

/** From block to block: each says how long it is, and the last one that it is the last (RFC 8878 §3.1.1). */
export const zstd: Reacher = async (file, start) => {
  const descriptor = (await file.at(start + magicLength, 1))?.[0];
  if (descriptor === undefined) return 'cut';
  const single = (descriptor & 0x20) !== 0;
  const content = contentSizes[descriptor >> 6] || (single ? 1 : 0);
  let here = start + magicLength + 1 + (single ? 0 : 1) + (dictionaryIds[descriptor & 3] ?? 0) + content;
  for (let last = false; !last; ) {
    const header = (await file.at(here, 3))?.readUIntLE(0, 3);
    if (header === undefined) return 'cut';
    last = (header & 1) === 1;
    const [type, size] = [(header >> 1) & 3, header >> 3];
    if (type !== raw && type !== rle && type !== compressed) return 'unknown';
    here += 3 + (type === rle ? 1 : size);
  }
  const end = here + ((descriptor & 4) === 0 ? 0 : 4);
  return end > file.size ? 'cut' : end;
};

/** Says how long it is, and nothing else (RFC 8878 §3.1.2). */
export const skippable: Reacher = async (file, start) => {
  const header = await file.at(start, 8);
  if (header === undefined || (header[0] ?? 0) >> 4 !== 5) return 'unknown';
  const end = start + 8 + header.readUInt32LE(4);
  return end > file.size ? 'cut' : end;
};
