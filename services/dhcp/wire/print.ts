import { architectures } from '#shared/arch.ts';
import { readU16, toHex, toText } from '#shared/bytes.ts';
import { messageOf } from '#shared/errors.ts';
import { formatIp4 } from '#shared/ip4.ts';
import {
  bootReply,
  bootRequest,
  broadcastFlag,
  messageTypeOf,
  type OptionName,
  optionTable,
  relayOptions,
  type ValueKind,
  type ValueTypes,
} from './codes.ts';
import type { Packet } from './packet.ts';

/**
 * A packet for people, one line per field and option. Everything from outside is escaped: no control character of a hostile
 * packet reaches a terminal.
 */
export function print(packet: Packet): string {
  const { options } = packet;
  const lines = [
    `${opName(packet.op)} xid=${hex(packet.xid, 8)} secs=${packet.secs} flags=${flagNames(packet.flags)} hops=${packet.hops}`,
    row('chaddr', `${spaced(packet.chaddr, ':')} (htype ${packet.htype}, hlen ${packet.chaddr.length})`),
    ...(['ciaddr', 'yiaddr', 'siaddr', 'giaddr'] as const)
      .filter((field) => packet[field] !== 0)
      .map((field) => row(field, formatIp4(packet[field]))),
    ...(['sname', 'file'] as const)
      .filter((field) => packet[field] !== '')
      .map((field) => row(field, quote(packet[field]))),
  ];
  for (const code of options.codes()) lines.push(printOption(packet, code));
  return `${lines.join('\n')}\n`;
}

function printOption(packet: Packet, code: number): string {
  const name = nameOf(code);
  return row(name === undefined ? `${code}` : `${code} ${name}`, optionText(packet, code));
}

/** The value of one option. */
export function optionText(packet: Packet, code: number): string {
  const name = nameOf(code);
  const bytes = packet.options.get(code) ?? new Uint8Array();
  return name === undefined ? bytesText(bytes) : valueText(packet, name, bytes);
}

function valueText(packet: Packet, name: OptionName, bytes: Uint8Array): string {
  try {
    return special[name]?.(bytes) ?? plain(packet, name);
  } catch (error) {
    return `${bytesText(bytes)} (malformed: ${quote(messageOf(error))})`;
  }
}

function plain(packet: Packet, name: OptionName): string {
  const value = packet.options.read(name);
  const show = showKind[optionTable[name].value] as (value: unknown) => string;
  return show(value);
}

const names = new Map<number, OptionName>(
  Object.entries(optionTable).map(([name, { code }]) => [code, name as OptionName]),
);

/** The option's name in the table; undefined for a code that it lacks. */
export function nameOf(code: number): OptionName | undefined {
  return names.get(code);
}

const showKind: { readonly [K in ValueKind]: (value: ValueTypes[K]) => string } = {
  ip: formatIp4,
  ips: (values) => values.map(formatIp4).join(', '),
  u8: String,
  u16: String,
  u32: String,
  u16s: (values) => values.join(', '),
  text: quote,
  bytes: bytesText,
  domains: (values) => values.map(quote).join(', '),
  routes: (values) =>
    values
      .map(
        (one) =>
          `${formatIp4(one.destination.network)}/${one.destination.prefix} via ${formatIp4(one.router)}`,
      )
      .join(', '),
  'user-class': (values) => values.map(quote).join(', '),
  'sub-options': (values) => values.map(({ code, bytes }) => `${code}=${bytesText(bytes)}`).join(' '),
  'relay-info': relayInfoText,
};

/** Options whose numbers have names. */
const special: { readonly [N in OptionName]?: (bytes: Uint8Array) => string | undefined } = {
  messageType: (bytes) => (bytes.length === 1 ? messageTypeOf(bytes[0] ?? 0) : undefined),
  parameterList: (bytes) => [...bytes].join(' '),
  clientArch: (bytes) => {
    if (bytes.length === 0 || bytes.length % 2 !== 0) return undefined;
    const codes = Array.from({ length: bytes.length / 2 }, (_, index) => readU16(bytes, index * 2));
    return codes.map((code) => `${code} (${architectures[code]?.name ?? 'unknown'})`).join(', ');
  },
};

/** Code, length, value; no PAD and no END (RFC 3046 §2.0). What does not divide is shown whole. */
function relayInfoText(bytes: Uint8Array): string {
  const parts: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const code = bytes[at] ?? 0;
    const next = at + 2 + (bytes[at + 1] ?? 0);
    if (next > bytes.length) return bytesText(bytes);
    parts.push(`${relayOptions[code] ?? code}=${bytesText(bytes.subarray(at + 2, next))}`);
    at = next;
  }
  return parts.join(' ');
}

/** Text where it is plainly text, else hex. */
function bytesText(bytes: Uint8Array): string {
  const isText = bytes.length > 1 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? quote(toText(bytes)) : `0x${toHex(bytes)}`;
}

/** JSON's quotes escape ASCII controls; the others (C1, line and paragraph separators, direction marks) are escaped here. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function opName(op: number): string {
  if (op === bootRequest) return 'BOOTREQUEST';
  return op === bootReply ? 'BOOTREPLY' : `op ${op}`;
}

function flagNames(flags: number): string {
  if (flags === 0) return 'none';
  return flags === broadcastFlag ? 'broadcast' : hex(flags, 4);
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}

function spaced(bytes: Uint8Array, separator: string): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(separator);
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(20)} ${text}`;
}
