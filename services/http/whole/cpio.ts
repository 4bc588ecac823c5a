import type { Reacher } from './check.ts';

/** The fixed part of a "new ASCII" header: a magic and thirteen numbers of eight hex digits (cpio(5)). */
const headerLength = 110;
const at = { fileSize: 54, nameSize: 94 } as const;
const trailer = 'TRAILER!!!\0';

/** A name as long as this is none. */
const longestName = 65_536;

/** From header to header; the last one is called TRAILER!!!. */
export const cpio: Reacher = async (file, start) => {
  for (let here = start; ; ) {
    const header = (await file.at(here, headerLength))?.toString('latin1');
    if (header === undefined) return 'cut';
    if (!/^07070[12][0-9a-fA-F]{104}$/.test(header)) return 'unknown';
    const [fileSize, nameSize] = [numberAt(header, at.fileSize), numberAt(header, at.nameSize)];
    if (nameSize > longestName) return 'unknown';
    const name = await file.at(here + headerLength, nameSize);
    if (name === undefined) return 'cut';
    const data = start + aligned(here - start + headerLength + nameSize);
    const next = start + aligned(data - start + fileSize);
    if (name.toString('latin1') === trailer) return Math.min(next, file.size);
    if (data + fileSize > file.size) return 'cut';
    here = next;
  }
};

function numberAt(header: string, offset: number): number {
  return Number.parseInt(header.slice(offset, offset + 8), 16);
}

/** Names and files end at a multiple of four. */
function aligned(offset: number): number {
  return Math.ceil(offset / 4) * 4;
}
