import type { Ip4 } from '#shared/ip4.ts';
import { type Mac, macOf } from '#shared/mac.ts';
import { ethernet, ipxeOptions, type MessageType, messageTypeOf } from './codes.ts';
import type { Packet } from './packet.ts';

/** A packet as a server decides about it: the fields that matter, read once and checked. Absent is undefined. */
export interface Request {
  readonly packet: Packet;
  /** undefined when the client has no 6-byte Ethernet address. */
  readonly mac: Mac | undefined;
  /** Option 53; undefined in plain BOOTP. */
  readonly type: MessageType | 'undefined-type' | undefined;
  /** Option 50. */
  readonly requestedAddress: Ip4 | undefined;
  /** Option 54. */
  readonly serverId: Ip4 | undefined;
  /** Option 57: bytes of a whole IP datagram. */
  readonly maxMessageSize: number | undefined;
  /** Option 60. */
  readonly vendorClass: string | undefined;
  /** Option 61. */
  readonly clientId: Uint8Array | undefined;
  /** Option 77. */
  readonly userClasses: readonly string[];
  /** Option 82. */
  readonly relayInfo: Uint8Array | undefined;
  /** Option 93. */
  readonly architectures: readonly number[] | undefined;
  /** Option 97. */
  readonly uuid: Uint8Array | undefined;
  /** Option 175: which of its features matter; undefined when it is absent. */
  readonly ipxe: IpxeFeatures | undefined;
}

interface IpxeFeatures {
  /** It was built with HTTP (sub-option 19). */
  readonly http: boolean;
}

/**
 * Reads what a decision needs; options that no decision looks at may be anything.
 * @throws {MalformedError} when one of them is there and not what its RFC says
 */
export function readRequest(packet: Packet): Request {
  const { options } = packet;
  const type = options.read('messageType');
  return {
    packet,
    mac: packet.htype === ethernet && packet.chaddr.length === 6 ? macOf(packet.chaddr) : undefined,
    type: type === undefined ? undefined : (messageTypeOf(type) ?? 'undefined-type'),
    requestedAddress: options.read('requestedAddress'),
    serverId: options.read('serverId'),
    maxMessageSize: options.read('maxMessageSize'),
    vendorClass: options.read('vendorClass'),
    clientId: options.read('clientId'),
    userClasses: options.read('userClass') ?? [],
    relayInfo: options.read('relayInfo'),
    architectures: options.read('clientArch'),
    uuid: options.read('clientUuid'),
    ipxe: readIpxe(packet),
  };
}

function readIpxe(packet: Packet): IpxeFeatures | undefined {
  const features = packet.options.read('ipxe');
  return features && { http: features.some(({ code }) => code === ipxeOptions.http) };
}
