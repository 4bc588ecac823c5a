import { architectures } from '#shared/arch.ts';
import type { HardwareFact, RecordFact } from '../facts.ts';

/** A loader that machines will ask for, and who they are. */
export interface NeededLoader {
  readonly file: string;
  /** `x64 UEFI (node1 and 3 more)` */
  readonly neededBy: string;
}

/**
 * The loaders of the architectures in use: what records say, and what booted lately.
 * @param mapping `ipxe-override-arch-mapping`: over the default map
 */
export function neededLoaders(
  { records = [], seenArchitectures }: Pick<HardwareFact, 'records' | 'seenArchitectures'>,
  mapping: ReadonlyMap<number, string>,
): readonly NeededLoader[] {
  const wanted = [
    ...records.filter(({ boots }) => boots).flatMap((record) => ofRecord(record, mapping)),
    ...seenArchitectures.flatMap((name) => ofCode(codeNamed(name), 'seen booting', mapping)),
  ];
  const byFile = Object.entries(Object.groupBy(wanted, ({ file }) => file));
  return byFile.flatMap(([file, all = []]) => {
    const [first, ...more] = all;
    if (first === undefined) return [];
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    return [{ file, neededBy: `${first.platform} (${first.who}${others})` }];
  });
}

interface Wanted {
  readonly file: string;
  readonly platform: string;
  readonly who: string;
}

function ofRecord(
  { name, arch, uefi, binary }: RecordFact,
  mapping: ReadonlyMap<number, string>,
): readonly Wanted[] {
  const code = codeOf(arch, uefi);
  if (binary !== undefined) return [{ file: binary, platform: 'its own loader', who: name }];
  return ofCode(code, name, mapping);
}

function ofCode(
  code: number | undefined,
  who: string,
  mapping: ReadonlyMap<number, string>,
): readonly Wanted[] {
  const known = code === undefined ? undefined : architectures[code];
  const file = mapping.get(code ?? -1) ?? known?.loader;
  return file === undefined ? [] : [{ file, platform: known?.name ?? `architecture ${code}`, who }];
}

/** Option 93's number for what a record calls its architecture; undefined for what firmware has no number for. */
function codeOf(arch: string, uefi: boolean): number | undefined {
  if (/^(aarch64|arm64)$/i.test(arch)) return 11;
  if (/^(x86_64|amd64|x64)?$/i.test(arch)) return uefi ? 7 : 0;
  return /^(i[3-6]86|x86)$/i.test(arch) ? (uefi ? 6 : 0) : undefined;
}

function codeNamed(name: string): number | undefined {
  const found = Object.entries(architectures).find(([, architecture]) => architecture.name === name);
  return found === undefined ? undefined : Number(found[0]);
}
