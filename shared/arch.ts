/**
 * Client system architectures (option 93; RFC 4578 §2.1 and the IANA registry "Processor Architecture Types") and the loader
 * that each one boots.
 */
export interface Architecture {
  readonly name: string;
  /** The iPXE binary of this architecture, as Smee maps it; undefined when none is known. */
  readonly loader: string | undefined;
  /** True for UEFI HTTP Boot types. */
  readonly http?: boolean;
}

const undionly = 'undionly.kpxe';
const efi = 'ipxe.efi';
const arm64 = 'snp-arm64.efi';

export const architectures: Readonly<Record<number, Architecture>> = {
  0: { name: 'x86 BIOS', loader: undionly },
  1: { name: 'NEC/PC98', loader: undionly },
  2: { name: 'Itanium', loader: undionly },
  3: { name: 'DEC Alpha', loader: undionly },
  4: { name: 'Arc x86', loader: undionly },
  5: { name: 'Intel Lean Client', loader: undionly },
  6: { name: 'x86 UEFI', loader: efi },
  7: { name: 'x64 UEFI', loader: efi },
  8: { name: 'Xscale UEFI', loader: efi },
  9: { name: 'EBC UEFI', loader: efi },
  10: { name: 'ARM 32-bit UEFI', loader: arm64 },
  11: { name: 'ARM 64-bit UEFI', loader: arm64 },
  12: { name: 'PowerPC Open Firmware', loader: undefined },
  13: { name: 'PowerPC ePAPR', loader: undefined },
  14: { name: 'PowerPC OPAL', loader: undefined },
  15: { name: 'x86 UEFI HTTP', loader: efi, http: true },
  16: { name: 'x64 UEFI HTTP', loader: efi, http: true },
  17: { name: 'EBC UEFI HTTP', loader: undefined, http: true },
  18: { name: 'ARM 32-bit UEFI HTTP', loader: arm64, http: true },
  19: { name: 'ARM 64-bit UEFI HTTP', loader: arm64, http: true },
  20: { name: 'x86 BIOS HTTP', loader: undionly, http: true },
  41: { name: 'Raspberry Pi', loader: arm64 },
};

export const raspberryPi = 41;
