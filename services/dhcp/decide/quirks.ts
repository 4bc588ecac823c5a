import type { QuirkName } from '#shared/boot/quirks.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import type { Request } from '../wire/request.ts';

/** What of a request gives a quirk away: everything that is named here must hold. */
interface Sign {
  /** Start of option 60. */
  readonly vendorClass?: string;
  /** First half of the MAC: any of these. */
  readonly ouis?: readonly string[];
  /** The first value of option 93. */
  readonly architecture?: number;
  /** Start of option 97: its type, 0, and the first bytes of the identifier. */
  readonly uuid?: readonly number[];
}

interface Quirk {
  readonly name: QuirkName;
  /** For people: whose it is. */
  readonly who: string;
  /** undefined: nothing gives it away, a record has to say so. */
  readonly sign: Sign | undefined;
  /** Where it is known from. */
  readonly source: string;
}

/** What is different for firmware with a quirk. */
export const quirkEffects: Readonly<Record<QuirkName, string>> = {
  'raspberry-pi':
    'Architecture 41, whatever option 93 says; option 43 with the menu (9) and the prompt (10) that its ROM looks for.',
  'x64-as-ebc': 'Architecture 9 is x64 UEFI: it boots what 7 does, unless an override names 9 itself.',
  'no-discovery-control':
    'Proxy modes: the OFFER names the boot file without option 43, as the firmware ignores an OFFER that bypasses discovery; it then asks on 4011.',
  'boot-file-on-4011':
    'Proxy modes: the OFFER has neither boot file nor option 43; both come in the ACK from 4011, where the firmware insists to ask.',
};

/** THE table: which firmware has which quirk. To add one, add a line here and a row in the test. */
export const quirks: readonly Quirk[] = [
  {
    name: 'raspberry-pi',
    who: 'Raspberry Pi, by its address',
    // Smee's five, and the one that the Pi 5 came with.
    sign: { ouis: ['b8:27:eb', 'dc:a6:32', 'e4:5f:01', '28:cd:c1', 'd8:3a:dd', '2c:cf:67'] },
    source: 'IEEE OUI registry; Raspberry Pi documentation, "Network booting": option 43 "Raspberry Pi Boot"',
  },
  {
    name: 'raspberry-pi',
    who: 'Raspberry Pi 4 with any address, by "RPi4" in option 97',
    sign: { uuid: [0, 0x52, 0x50, 0x69, 0x34] },
    source: 'Raspberry Pi documentation, bootloader configuration: DHCP_OPTION97 = 0x34695052',
  },
  {
    name: 'raspberry-pi',
    who: 'Raspberry Pi 5 with any address, by "RPi5" in option 97',
    sign: { uuid: [0, 0x52, 0x50, 0x69, 0x35] },
    source: 'Raspberry Pi documentation, bootloader configuration: DHCP_OPTION97 = 0x35695052',
  },
  {
    name: 'x64-as-ebc',
    who: 'x64 UEFI that says 9, as RFC 4578 §2.1 has it (IANA and practice: 7)',
    sign: { vendorClass: 'PXEClient', architecture: 9 },
    source: 'RFC 4578, erratum 4624; IANA, Processor Architecture Types',
  },
  {
    name: 'no-discovery-control',
    who: 'some UEFI firmware (HP ProLiant Gen9)',
    sign: undefined,
    source: 'danderson/netboot: pixiecore/dhcp.go, issue 43',
  },
  {
    name: 'boot-file-on-4011',
    who: 'firmware that asks on 4011 whatever the OFFER says',
    sign: undefined,
    source: 'EDK2, NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c: PxeBcRetryBinlOffer',
  },
];

export type Quirks = ReadonlySet<QuirkName>;

/** What the record says, else what the firmware looks like. */
export function quirksOf(request: Request, machine: Machine | undefined): Quirks {
  if (machine?.quirks !== undefined) return new Set(machine.quirks);
  return new Set(quirks.filter(({ sign }) => sign && shows(sign, request)).map(({ name }) => name));
}

function shows({ vendorClass, ouis, architecture, uuid }: Sign, request: Request): boolean {
  return (
    (vendorClass === undefined || (request.vendorClass?.startsWith(vendorClass) ?? false)) &&
    (ouis === undefined || ouis.includes(request.mac?.slice(0, 8) ?? '')) &&
    (architecture === undefined || request.architectures?.[0] === architecture) &&
    (uuid === undefined || uuid.every((byte, at) => request.uuid?.[at] === byte))
  );
}
