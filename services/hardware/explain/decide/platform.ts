import { architectures } from '#shared/arch.ts';

/** What kind of firmware asks first: its own PXE, its HTTP Boot, or an iPXE in the network card. */
export const firmwares = ['pxe', 'http', 'ipxe'] as const;
export type Firmware = (typeof firmwares)[number];

/** Who boots: the firmware, and its architecture as option 93 says it. */
export interface Platform {
  readonly firmware: Firmware;
  readonly arch: number;
}

/** Names of option 93's values that people use, beside those of shared/arch.ts. */
const aliases: Readonly<Record<string, number>> = {
  bios: 0,
  x86: 0,
  'x86_64-bios': 0,
  'i386-efi': 6,
  'x86_64-efi': 7,
  x86_64: 7,
  uefi: 7,
  'arm32-efi': 10,
  'arm64-efi': 11,
  aarch64: 11,
  arm64: 11,
  'raspberry-pi': 41,
};

/** HTTP Boot has values of its own for the same machines (IANA, Processor Architecture Types). */
const overHttp: Readonly<Record<number, number>> = { 0: 20, 6: 15, 7: 16, 9: 17, 10: 18, 11: 19 };
const overPxe: ReadonlyMap<number, number> = new Map(
  Object.entries(overHttp).map(([pxe, http]) => [http, Number(pxe)]),
);

/** Every name that {@link parseArch} knows, for a message. */
export const archNames: readonly string[] = Object.keys(aliases);

/** `7`, `x86_64-efi`, or as the log says it: `x64 UEFI`. */
export function parseArch(text: string): number | undefined {
  if (/^\d{1,5}$/.test(text)) return Number(text) <= 65_535 ? Number(text) : undefined;
  const wanted = text.toLowerCase();
  if (Object.hasOwn(aliases, wanted)) return aliases[wanted];
  const [code] = Object.entries(architectures).find(([, { name }]) => name.toLowerCase() === wanted) ?? [];
  return code === undefined ? undefined : Number(code);
}

export function parseFirmware(text: string): Firmware | undefined {
  return firmwares.find((one) => one === text);
}

/** The name of a value of option 93. */
export function archName(code: number): string {
  return architectures[code]?.name ?? `architecture ${code}`;
}

/** What HTTP Boot firmware says is never what PXE firmware of the same machine says: each gets its own. */
export function platformFor(firmware: Firmware, arch: number): Platform {
  const code = firmware === 'http' ? overHttp[arch] : overPxe.get(arch);
  return { firmware, arch: code ?? arch };
}

/** What a record's `arch` and `uefi` say; undefined when it names no architecture. */
export function archOfRecord(arch: string | undefined, uefi: boolean | undefined): number | undefined {
  if (arch === undefined || arch === '') return uefi === true ? 7 : undefined;
  if (/^(aarch64|arm64)$/.test(arch)) return 11;
  if (/^(arm|arm32|armv7l)$/.test(arch)) return 10;
  if (!/^(x86_64|amd64|x86|i386)$/.test(arch)) return undefined;
  return uefi === false ? 0 : 7;
}

/** As kernels name it: what iPXE makes of its own `${buildarch}` in the script for any machine. */
export function kernelArch(code: number): string {
  return [10, 11, 18, 19, 41].includes(code) ? 'aarch64' : 'x86_64';
}

/** What is known of a machine's firmware; texts are as people or boot events say them. */
interface Clues {
  /** What was asked for. */
  readonly firmware: Firmware | undefined;
  readonly arch: number | undefined;
  /** As it was heard of last. */
  readonly heardClient: string;
  readonly heardArch: string;
  /** As its record says. */
  readonly recordArch: number | undefined;
}

const heardAs: Readonly<Record<string, Firmware>> = {
  'PXE firmware': 'pxe',
  'HTTP Boot firmware': 'http',
  iPXE: 'ipxe',
};

/** What is asked for, else what was heard, else what the record says, else the most usual. */
export function choosePlatform({ firmware, arch, heardClient, heardArch, recordArch }: Clues): {
  readonly platform: Platform;
  /** What it was taken for, when nothing says what it is. */
  readonly assumed: string | undefined;
} {
  const known = arch ?? parseArch(heardArch) ?? recordArch;
  const kind = firmware ?? (Object.hasOwn(heardAs, heardClient) ? heardAs[heardClient] : undefined) ?? 'pxe';
  const platform = platformFor(kind, known ?? 7);
  return { platform, assumed: known === undefined ? archName(platform.arch) : undefined };
}
