import { formatIp4 } from '#shared/ip4.ts';
import { optionTable } from './codes.ts';
import type { Packet } from './packet.ts';
import { nameOf, optionText } from './print.ts';

/** Options that Smee's traces call otherwise than our table does. */
const smeeNames: Readonly<Record<number, string>> = {
  3: 'DefaultGateway',
  12: 'Hostname',
  42: 'NTPServers',
  54: 'ServerIdentifier',
  60: 'ClassIdentifier',
  93: 'ClientIdentifier',
  94: 'ClientNetworkInterfaceIdentifier',
  97: 'ClientMachineIdentifier',
};

/**
 * Headers and options of a packet as attributes of a span, with Smee's names: `DHCP.request.Opt53.MessageType`. What we do not
 * know is told by its length, and of iPXE's own options only which there are: keys and passwords may be among them.
 */
export function attributesOf(packet: Packet, side: 'request' | 'reply'): Record<string, string | number> {
  const header = `DHCP.${side}.Header`;
  const attributes: Record<string, string | number> = {
    [`${header}.transactionID`]: `0x${packet.xid.toString(16).padStart(8, '0')}`,
    [`${header}.flags`]: packet.flags,
    [`${header}.secs`]: packet.secs,
  };
  for (const field of ['ciaddr', 'yiaddr', 'siaddr', 'giaddr'] as const) {
    attributes[`${header}.${field}`] = formatIp4(packet[field]);
  }
  attributes[`${header}.chaddr`] = Array.from(packet.chaddr, twoDigits).join(':');
  if (packet.file !== '') attributes[`${header}.file`] = packet.file;
  for (const code of packet.options.codes()) {
    const name = smeeNames[code] ?? capitalized(nameOf(code));
    attributes[`DHCP.${side}.Opt${code}${name === '' ? '' : `.${name}`}`] = textOf(packet, code);
  }
  return attributes;
}

function textOf(packet: Packet, code: number): string {
  if (nameOf(code) === undefined) return `${packet.options.get(code)?.length ?? 0} bytes`;
  if (code !== optionTable.ipxe.code) return optionText(packet, code);
  try {
    return (
      packet.options
        .read('ipxe')
        ?.map((sub) => sub.code)
        .join(' ') ?? ''
    );
  } catch {
    return 'malformed';
  }
}

function capitalized(name = ''): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function twoDigits(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
