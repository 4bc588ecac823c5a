import type { Reacher } from './check.ts';

/** Where the header of a Linux x86 kernel says how long it is (Linux, Documentation/arch/x86/boot.rst). */
const at = { setupSectors: 0x1f1, paragraphs: 0x1f4, version: 0x206 } as const;

/** The first version whose `syssize` has four bytes. */
const longSizes = 0x204;

/** A signature may follow, so that the end is not the file's; but what the header speaks of must be there. */
export const bzImage: Reacher = async (file, start) => {
  const header = await file.at(start, at.version + 2);
  if (header === undefined || header.readUInt16LE(at.version) < longSizes) return 'unknown';
  const sectors = header.readUInt8(at.setupSectors) || 4;
  const paragraphs = header.readUInt32LE(at.paragraphs);
  // The last paragraph need not be full.
  const end = start + (sectors + 1) * 512 + Math.max(0, paragraphs * 16 - 15);
  return end > file.size ? 'cut' : 'unknown';
};
