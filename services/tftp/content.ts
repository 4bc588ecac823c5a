import type { Loaders } from '#shared/assets/ipxe.ts';
import { openBelow, type Refused } from '#shared/assets/open.ts';
import { type AssetPath, resolveAsset } from '#shared/assets/route.ts';
import { refusesNamed } from '#shared/boot/gate.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import type { Mode } from './decide/mode.ts';
import { fileSource, memorySource, type Source } from './source.ts';
import { toNetascii } from './wire/netascii.ts';

/** Where the bytes come from. */
export interface Shelves {
  readonly loaders: Loaders;
  readonly assetDir: string | undefined;
  readonly machines: Machines;
}

/** A file in mode netascii is translated as a whole, in memory: text files are small. Bytes. */
const largestText = 1024 * 1024;

/** What is sent for a path, or why nothing is. The caller closes the source. */
export async function findContent(asked: AssetPath, mode: Mode, shelves: Shelves): Promise<Source | Refused> {
  const why = refusesNamed(asked.mac, shelves.machines);
  if (why !== undefined) return { why };
  const source = await open(asked, shelves);
  return 'why' in source || mode === 'octet' ? source : await translated(source);
}

async function open(asked: AssetPath, { loaders, assetDir }: Shelves): Promise<Source | Refused> {
  const asset = resolveAsset(asked, await loaders.names());
  switch (asset?.kind) {
    case undefined:
      return { why: 'not-found' };
    case 'loader': {
      const loader = await loaders.read(asset.name);
      return 'why' in loader ? loader : memorySource(loader.bytes);
    }
    case 'file': {
      if (assetDir === undefined) return { why: 'not-found' };
      const file = await openBelow(assetDir, asset.path);
      return 'why' in file ? file : fileSource(file);
    }
  }
}

async function translated(source: Source): Promise<Source | Refused> {
  try {
    if (source.size > largestText) return { why: 'too-big-for-netascii' };
    const bytes = await source.read(0, source.size);
    return 'why' in bytes ? bytes : memorySource(toNetascii(bytes));
  } finally {
    await source.close();
  }
}
