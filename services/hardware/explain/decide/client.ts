import { zeros } from '#shared/bytes.ts';
import { anyAddress, type Ip4 } from '#shared/ip4.ts';
import { type Mac, macBytes } from '#shared/mac.ts';
import { ipxeOptions, type MessageType, messageTypes, type OptionValues } from '../../../dhcp/wire/codes.ts';
import { encodeRequest } from '../../../dhcp/wire/encode.ts';
import { decode } from '../../../dhcp/wire/packet.ts';
import { type Request, readRequest } from '../../../dhcp/wire/request.ts';
import { archName, type Platform, platformFor } from './platform.ts';

/** Who speaks DHCP in one part of a boot, one after the other. */
export interface Client {
  /** For people: "PXE firmware, x64 UEFI". */
  readonly who: string;
  /** Options 60, 77, 93, 97 and 175, as real ones send them. */
  readonly says: OptionValues;
  /** Who comes after it has got a loader: the loader itself. */
  readonly loads: Client | undefined;
}

/** What QEMU's ROM, OVMF and iPXE ask for (test/fixtures/captures). */
const maxMessageSize = 1472;

/** Any GUID will do: no decision looks at which. */
const uuid = zeros(17);

/** A stock iPXE says that it was built with HTTP. */
const http = { code: ipxeOptions.http, bytes: Uint8Array.of(1) };

/** The clients of a boot: the firmware, then iPXE, then (when iPXE is given a loader again) Tinkerbell's build of it. */
export function clientOf(platform: Platform): Client {
  const { firmware, arch } = platform;
  // In iPXE, HTTP Boot is over: it says what PXE says.
  const inside = platformFor('pxe', arch).arch;
  const tinkerbell = ipxe(inside, 'Tinkerbell', undefined);
  const stock = ipxe(inside, 'iPXE', tinkerbell);
  if (firmware === 'ipxe') return stock;
  const [kind, title] =
    firmware === 'http' ? ['HTTPClient', 'HTTP Boot firmware'] : ['PXEClient', 'PXE firmware'];
  return {
    who: `${title}, ${archName(arch)}`,
    says: { ...common(kind, arch), clientUuid: uuid },
    loads: stock,
  };
}

function ipxe(arch: number, userClass: string, loads: Client | undefined): Client {
  return {
    who: `${userClass === 'iPXE' ? 'iPXE' : `iPXE of ${userClass}`}, ${archName(arch)}`,
    says: { ...common('PXEClient', arch), clientUuid: uuid, userClass: [userClass], ipxe: [http] },
    loads,
  };
}

function common(kind: string, arch: number): OptionValues {
  const vendorClass = `${kind}:Arch:${String(arch).padStart(5, '0')}:UNDI:003000`;
  return { vendorClass, clientArch: [arch], maxMessageSize };
}

/** What differs from one message to the next. */
interface Message {
  readonly type: MessageType;
  readonly ciaddr?: Ip4;
  readonly serverId?: Ip4 | undefined;
  readonly requestedAddress?: Ip4;
}

/** The message as the server would read it: written and read by the service's own codec, so that nothing else is decided on. */
export function requestOf(client: Client, mac: Mac, message: Message): Request {
  const { type, ciaddr = anyAddress, serverId, requestedAddress } = message;
  const header = { ciaddr, chaddr: macBytes(mac) };
  const options = { ...client.says, messageType: messageTypes[type], serverId, requestedAddress };
  return readRequest(decode(encodeRequest(header, options, maxMessageSize)));
}
