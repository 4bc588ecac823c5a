import type { Say } from './dhcp.ts';

/** What a machine says of itself in DHCP, as captured from real firmware (SeaBIOS with iPXE's ROM, OVMF). */
interface Client {
  /** Option 60. */
  readonly vendorClass: string;
  /** Option 93. */
  readonly arch: number;
  /** Option 94. */
  readonly undi: readonly number[];
  /** Option 55. */
  readonly wants: readonly number[];
  /** Option 175: iPXE's features. */
  readonly features?: readonly number[];
}

const pxeWants = [
  1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66, 67, 97,
];
const ipxeWants = [
  1, 3, 6, 7, 12, 15, 17, 26, 43, 60, 66, 67, 119, 128, 129, 130, 131, 132, 133, 134, 135, 175, 203,
];
/** HTTP (19), DNS (23), bzImage (24), PXE (33) and more; priority 1. */
const ipxeFeatures = [
  [177, 5, 1, 26, 244, 16, 0, 235, 3, 1, 0, 0],
  [
    23, 1, 1, 34, 1, 1, 19, 1, 1, 17, 1, 1, 39, 1, 1, 25, 1, 1, 41, 1, 1, 33, 1, 1, 21, 1, 1, 24, 1, 1, 18, 1,
    1,
  ],
].flat();

const biosIpxe: Client = {
  vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
  arch: 0,
  undi: [1, 2, 1],
  wants: ipxeWants,
  features: ipxeFeatures,
};
const uefiIpxe: Client = {
  ...biosIpxe,
  vendorClass: 'PXEClient:Arch:00007:UNDI:003010',
  arch: 7,
  undi: [1, 3, 10],
};

export interface Firmware {
  readonly title: string;
  /** What the firmware itself is, and how it fetches its loader; absent when it is iPXE already. */
  readonly first?: Client & { readonly loaderBy: 'tftp' | 'http' };
  /** What iPXE says, from the loader or from the network card's ROM. */
  readonly ipxe: Client;
  /** iPXE's `${buildarch}`. */
  readonly buildarch: 'i386' | 'x86_64';
}

export const firmwares = {
  bios: {
    title: 'BIOS with PXE',
    first: {
      vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
      arch: 0,
      undi: [1, 2, 1],
      wants: pxeWants,
      loaderBy: 'tftp',
    },
    ipxe: biosIpxe,
    buildarch: 'i386',
  },
  uefi: {
    title: 'UEFI with PXE',
    first: {
      vendorClass: 'PXEClient:Arch:00007:UNDI:003000',
      arch: 7,
      undi: [1, 3, 0],
      wants: pxeWants,
      loaderBy: 'tftp',
    },
    ipxe: uefiIpxe,
    buildarch: 'x86_64',
  },
  ipxe: { title: 'iPXE in the network card', ipxe: biosIpxe, buildarch: 'i386' },
  http: {
    title: 'UEFI with HTTP Boot',
    first: {
      vendorClass: 'HTTPClient:Arch:00016:UNDI:003000',
      arch: 16,
      undi: [1, 3, 0],
      wants: pxeWants,
      loaderBy: 'http',
    },
    ipxe: uefiIpxe,
    buildarch: 'x86_64',
  },
} as const satisfies Record<string, Firmware>;

export type FirmwareName = keyof typeof firmwares;

/** The options that such a client adds to each of its messages. @param uuid option 97 without its leading 0: 16 bytes */
export function clientOptions(client: Client, uuid: readonly number[]): Say['options'] {
  return {
    55: client.wants,
    57: 1472,
    60: client.vendorClass,
    93: [client.arch],
    94: client.undi,
    97: [0, ...uuid],
    ...(client.features === undefined ? {} : { 77: 'iPXE', 175: client.features }),
  };
}
