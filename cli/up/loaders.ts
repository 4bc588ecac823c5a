import { resolve } from 'node:path';
import { loadLoaders } from '#shared/assets/ipxe.ts';
import { fetchIpxe } from '../fetch-ipxe.ts';

export interface FoundLoaders {
  /** Absolute; undefined when there is none. */
  readonly folder: string | undefined;
  /** Names that an architecture needs and that are not there. */
  readonly missing: readonly string[];
}

interface LoaderSettings {
  readonly ipxeDir: string | undefined;
  readonly ipxeScriptPatch: string | undefined;
}

/** Where an unpacked package goes: the second of the usual folders. */
const ownFolder = 'assets/ipxe';

/** Finds the iPXE binaries, and fetches them where there are none. A machine without them still boots what needs no loader. */
export async function ensureLoaders(
  { ipxeDir, ipxeScriptPatch }: LoaderSettings,
  say: (text: string) => void,
): Promise<FoundLoaders> {
  let loaders = await loadLoaders(ipxeDir, ipxeScriptPatch);
  if (loaders.folder === undefined) {
    say(`fetching iPXE (Debian's package ipxe) into ${ownFolder} …`);
    const failure = await fetchIpxe(ownFolder);
    if (failure !== undefined) say(howToGetThem(failure));
    loaders = await loadLoaders(ipxeDir, ipxeScriptPatch);
  }
  const { folder } = loaders;
  return { folder: folder === undefined ? undefined : resolve(folder), missing: await loaders.missing() };
}

function howToGetThem(failure: string): string {
  return `note: iPXE could not be fetched: ${failure}
      Put undionly.kpxe (BIOS) and ipxe.efi (UEFI) into ${ownFolder}, or install the package ipxe, or set SMEE_IPXE_DIR.
      Until then only machines that have iPXE in their network card can boot.`;
}
