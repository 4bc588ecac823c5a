import type { Cidr, Ip4 } from '#shared/ip4.ts';

/**
 * THE option table: the codec, the printer, the documentation and the tests read it, and nobody else names a code.
 * To add an option, add a line here.
 */
export const optionTable = {
  subnetMask: { code: 1, value: 'ip', rfc: 'RFC 2132 §3.3' },
  routers: { code: 3, value: 'ips', rfc: 'RFC 2132 §3.5' },
  nameServers: { code: 6, value: 'ips', rfc: 'RFC 2132 §3.8' },
  logServers: { code: 7, value: 'ips', rfc: 'RFC 2132 §3.9' },
  hostName: { code: 12, value: 'text', rfc: 'RFC 2132 §3.14' },
  domainName: { code: 15, value: 'text', rfc: 'RFC 2132 §3.17' },
  broadcastAddress: { code: 28, value: 'ip', rfc: 'RFC 2132 §5.3' },
  timeServers: { code: 42, value: 'ips', rfc: 'RFC 2132 §8.3' },
  vendorOptions: { code: 43, value: 'sub-options', rfc: 'RFC 2132 §8.4' },
  requestedAddress: { code: 50, value: 'ip', rfc: 'RFC 2132 §9.1' },
  leaseTime: { code: 51, value: 'u32', rfc: 'RFC 2132 §9.2' },
  overload: { code: 52, value: 'u8', rfc: 'RFC 2132 §9.3' },
  messageType: { code: 53, value: 'u8', rfc: 'RFC 2132 §9.6' },
  serverId: { code: 54, value: 'ip', rfc: 'RFC 2132 §9.7' },
  parameterList: { code: 55, value: 'bytes', rfc: 'RFC 2132 §9.8' },
  message: { code: 56, value: 'text', rfc: 'RFC 2132 §9.9' },
  maxMessageSize: { code: 57, value: 'u16', rfc: 'RFC 2132 §9.10' },
  renewalTime: { code: 58, value: 'u32', rfc: 'RFC 2132 §9.11' },
  rebindingTime: { code: 59, value: 'u32', rfc: 'RFC 2132 §9.12' },
  vendorClass: { code: 60, value: 'text', rfc: 'RFC 2132 §9.13' },
  clientId: { code: 61, value: 'bytes', rfc: 'RFC 2132 §9.14, RFC 6842' },
  tftpServerName: { code: 66, value: 'text', rfc: 'RFC 2132 §9.4' },
  bootFileName: { code: 67, value: 'text', rfc: 'RFC 2132 §9.5' },
  userClass: { code: 77, value: 'user-class', rfc: 'RFC 3004' },
  clientFqdn: { code: 81, value: 'bytes', rfc: 'RFC 4702' },
  relayInfo: { code: 82, value: 'relay-info', rfc: 'RFC 3046' },
  clientArch: { code: 93, value: 'u16s', rfc: 'RFC 4578 §2.1' },
  clientNdi: { code: 94, value: 'bytes', rfc: 'RFC 4578 §2.2' },
  clientUuid: { code: 97, value: 'bytes', rfc: 'RFC 4578 §2.3' },
  domainSearch: { code: 119, value: 'domains', rfc: 'RFC 3397' },
  staticRoutes: { code: 121, value: 'routes', rfc: 'RFC 3442' },
  ipxe: { code: 175, value: 'sub-options', rfc: 'iPXE, option space "ipxe"' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

export interface OptionSpec {
  readonly code: number;
  readonly value: ValueKind;
  /** Where it is defined. */
  readonly rfc: string;
}

/** What a value kind is in TypeScript; wire/values.ts has the codec of each. */
export interface ValueTypes {
  ip: Ip4;
  /** One or more. */
  ips: readonly Ip4[];
  u8: number;
  u16: number;
  u32: number;
  /** One or more. */
  u16s: readonly number[];
  text: string;
  bytes: Uint8Array;
  domains: readonly string[];
  routes: readonly Route[];
  'user-class': readonly string[];
  'sub-options': readonly SubOption[];
  /** Echoed byte for byte, so never taken apart; the printer shows its sub-options. */
  'relay-info': Uint8Array;
}

export type ValueKind = keyof ValueTypes;
export type OptionName = keyof typeof optionTable;
export type ValueOf<N extends OptionName> = ValueTypes[(typeof optionTable)[N]['value']];

/** Options by name, as a decision speaks of them; what is undefined is not sent. */
export type OptionValues = { readonly [N in OptionName]?: ValueOf<N> | undefined };

export interface Route {
  readonly destination: Cidr;
  readonly router: Ip4;
}

export interface SubOption {
  readonly code: number;
  readonly bytes: Uint8Array;
}

/** Frame of the options field; neither has a length (RFC 2132 §3.1, §3.2). */
export const pad = 0;
export const end = 255;

/** `op` (RFC 2131 §2). */
export const bootRequest = 1;
export const bootReply = 2;

/** `htype` of Ethernet (RFC 1700). */
export const ethernet = 1;

/** The one bit of `flags` that has a meaning (RFC 2131 §2, figure 2). */
export const broadcastFlag = 0x8000;

/** RFC 2131 §4.1. */
export const serverPort = 67;
export const clientPort = 68;

/** Longest name in `file`, in bytes: the field has 128 and ends with a NUL (RFC 2131 §2). */
export const maxFile = 127;

/** Option 53 (RFC 2132 §9.6); the higher ones are those of RFC 3203, 4388, 6926 and 7724. */
export const messageTypes = {
  DISCOVER: 1,
  OFFER: 2,
  REQUEST: 3,
  DECLINE: 4,
  ACK: 5,
  NAK: 6,
  RELEASE: 7,
  INFORM: 8,
  FORCERENEW: 9,
  LEASEQUERY: 10,
  LEASEUNASSIGNED: 11,
  LEASEUNKNOWN: 12,
  LEASEACTIVE: 13,
  BULKLEASEQUERY: 14,
  LEASEQUERYDONE: 15,
  ACTIVELEASEQUERY: 16,
  LEASEQUERYSTATUS: 17,
  TLS: 18,
} as const;

export type MessageType = keyof typeof messageTypes;

const typeNames = new Map<number, MessageType>(
  Object.entries(messageTypes).map(([name, code]) => [code, name as MessageType]),
);

/** The name of a value of option 53; undefined when nobody has defined it. */
export function messageTypeOf(code: number): MessageType | undefined {
  return typeNames.get(code);
}

/** Sub-options of option 43 under the class PXEClient (PXE 2.1, table 2-1). */
export const pxeOptions = {
  discoveryControl: 6,
  bootMenu: 9,
  menuPrompt: 10,
  /** Smee's own: the trace context of the exchange. */
  traceparent: 69,
} as const;

/** Sub-options of option 175 (iPXE, src/include/ipxe/dhcp.h). */
export const ipxeOptions = {
  http: 19,
  noPxeDhcp: 176,
} as const;

/** Sub-options of option 82 (RFC 3046 §3 and later), for the printer. */
export const relayOptions: Readonly<Record<number, string>> = {
  1: 'circuit-id',
  2: 'remote-id',
  5: 'link-selection',
  6: 'subscriber-id',
  9: 'vendor-specific',
  10: 'flags',
  11: 'server-id-override',
};
