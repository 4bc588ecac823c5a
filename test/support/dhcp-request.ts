import { parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import type { Here } from '../../services/dhcp/decide/settings.ts';
import { Options } from '../../services/dhcp/wire/options.ts';
import type { Header } from '../../services/dhcp/wire/packet.ts';
import type { Request } from '../../services/dhcp/wire/request.ts';

export const ip = (text: string): number => parseIp4(text)!;
export const mac = (text: string) => parseMac(text)!;

export type RequestParts = Partial<Omit<Request, 'packet'>> & { readonly header?: Partial<Header> };

/** A DISCOVER of 52:54:00:77:00:07 that only wants an address, with what `parts` says instead. */
export function request({ header = {}, ...parts }: RequestParts = {}): Request {
  return {
    packet: {
      op: 1,
      htype: 1,
      hops: 0,
      xid: 0x1234_abcd,
      secs: 4,
      flags: 0,
      ciaddr: 0,
      yiaddr: 0,
      siaddr: 0,
      giaddr: 0,
      chaddr: Uint8Array.of(0x52, 0x54, 0x00, 0x77, 0x00, 0x07),
      sname: '',
      file: '',
      options: new Options(new Uint8Array(), []),
      ...header,
    },
    mac: mac('52:54:00:77:00:07'),
    type: 'DISCOVER',
    requestedAddress: undefined,
    serverId: undefined,
    maxMessageSize: undefined,
    vendorClass: undefined,
    clientId: undefined,
    userClasses: [],
    relayInfo: undefined,
    architectures: undefined,
    uuid: undefined,
    ipxe: undefined,
    ...parts,
  };
}

/** What PXE firmware adds: x64 UEFI. */
export const pxe: RequestParts = {
  vendorClass: 'PXEClient:Arch:00007:UNDI:003001',
  architectures: [7],
  uuid: new Uint8Array(17),
};

/** What HTTP Boot firmware adds: x64 UEFI. */
export const httpBoot: RequestParts = {
  vendorClass: 'HTTPClient:Arch:00016:UNDI:003001',
  architectures: [16],
};

/** What a stock iPXE with HTTP adds. */
export const stockIpxe: RequestParts = { ...pxe, userClasses: ['iPXE'], ipxe: { http: true } };

export type HereParts = Partial<Omit<Here, 'settings'>> & { readonly settings?: Partial<Here['settings']> };

/** A server at 192.168.77.1 with the defaults, synced; the request came from 0.0.0.0:68. */
export function here({ settings = {}, ...parts }: HereParts = {}): Here {
  return {
    address: ip('192.168.77.1'),
    isOurs: (address) => address === ip('192.168.77.1') || address === ip('10.0.0.1'),
    source: { address: 0, port: 68 },
    onProxyPort: false,
    synced: true,
    missingLoaders: new Set(),
    ...parts,
    settings: {
      mode: 'reservation',
      enableNetbootOptions: true,
      syslogIp: undefined,
      tftpIp: undefined,
      tftpPort: 69,
      binaryScheme: 'http',
      binaryHost: undefined,
      binaryPort: 8080,
      binaryPath: '/ipxe/',
      binaryMacFormat: 'colon',
      scriptScheme: 'http',
      scriptHost: undefined,
      scriptPort: 8080,
      scriptPath: '/auto.ipxe',
      scriptUrl: undefined,
      scriptPrependMac: true,
      scriptEnabled: true,
      archMapping: new Map(),
      chain: 'auto',
      userClass: undefined,
      ...settings,
    },
  };
}
