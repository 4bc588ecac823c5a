import { readU16, readU32, toText } from '#shared/bytes.ts';
import type { Ip4 } from '#shared/ip4.ts';

/** Offsets of RFC 2131's figure 1. */
const at = {
  xid: 4,
  yiaddr: 16,
  siaddr: 20,
  giaddr: 24,
  chaddr: 28,
  file: 108,
  cookie: 236,
  options: 240,
} as const;

/** What a machine looks at in an answer. */
export interface DhcpAnswer {
  readonly type: number | undefined;
  readonly mac: number;
  readonly yiaddr: Ip4;
  readonly nextServer: Ip4;
  readonly giaddr: Ip4;
  readonly serverId: Ip4 | undefined;
  /** The header's field, or option 67. */
  readonly bootFile: string;
}

/** The lower half of an answer's number is the question's, the upper half whose it is. */
export function xidOf(datagram: Uint8Array): number {
  return readU32(datagram, at.xid);
}

/** Undefined when it is none. */
export function readAnswer(datagram: Uint8Array): DhcpAnswer | undefined {
  if (datagram[0] !== 2 || readU32(datagram, at.cookie) !== 0x6382_5363) return undefined;
  const type = optionAt(datagram, 53);
  const server = optionAt(datagram, 54);
  const named = optionAt(datagram, 67);
  return {
    type: type && datagram[type.start],
    mac: readU16(datagram, at.chaddr) * 0x1_0000_0000 + readU32(datagram, at.chaddr + 2),
    yiaddr: readU32(datagram, at.yiaddr),
    nextServer: readU32(datagram, at.siaddr),
    giaddr: readU32(datagram, at.giaddr),
    serverId: server && readU32(datagram, server.start),
    bootFile: named
      ? toText(datagram.subarray(named.start, named.start + named.length))
      : textUntilNul(datagram, at.file, at.file + 128),
  };
}

/** Where the value of an option lies. */
export function optionAt(message: Uint8Array, code: number): { start: number; length: number } | undefined {
  for (let offset = at.options; offset < message.length; ) {
    const found = message[offset];
    if (found === 255) return undefined;
    const length = message[offset + 1] ?? 0;
    if (found === code) return { start: offset + 2, length };
    offset += found === 0 ? 1 : 2 + length;
  }
  return undefined;
}

function textUntilNul(bytes: Uint8Array, start: number, end: number): string {
  const nul = bytes.indexOf(0, start);
  return toText(bytes.subarray(start, nul === -1 ? end : Math.min(nul, end)));
}
