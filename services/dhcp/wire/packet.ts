import { readU16, readU32, toText } from '#shared/bytes.ts';
import { MalformedError } from '#shared/errors.ts';
import type { Ip4 } from '#shared/ip4.ts';
import { type Mac, macOf } from '#shared/mac.ts';
import { ethernet, optionTable } from './codes.ts';
import { Options, scanOptions } from './options.ts';

/**
 * A DHCP message (RFC 2131 §2, figure 1), all numbers big-endian:
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+---------------+---------------+
 *   |     op (1)    |   htype (1)   |   hlen (1)    |   hops (1)    |    0
 *   +---------------+---------------+---------------+---------------+
 *   |                            xid (4)                            |    4
 *   +-------------------------------+-------------------------------+
 *   |           secs (2)            |           flags (2)           |    8
 *   +-------------------------------+-------------------------------+
 *   |                          ciaddr  (4)                          |   12
 *   |                          yiaddr  (4)                          |   16
 *   |                          siaddr  (4)                          |   20
 *   |                          giaddr  (4)                          |   24
 *   +---------------------------------------------------------------+
 *   |                          chaddr  (16)                         |   28
 *   |                          sname   (64)                         |   44
 *   |                          file    (128)                        |  108
 *   +---------------------------------------------------------------+
 *   |                   magic cookie 99.130.83.99                   |  236
 *   |                          options (variable)                   |  240
 *   +---------------------------------------------------------------+
 * ```
 */
export const at = {
  op: 0,
  htype: 1,
  hlen: 2,
  hops: 3,
  xid: 4,
  secs: 8,
  flags: 10,
  ciaddr: 12,
  yiaddr: 16,
  siaddr: 20,
  giaddr: 24,
  chaddr: 28,
  sname: 44,
  file: 108,
  cookie: 236,
  options: 240,
} as const;

export const magicCookie = 0x6382_5363;
export const maxHlen = 16;

export interface Header {
  readonly op: number;
  readonly htype: number;
  readonly hops: number;
  readonly xid: number;
  readonly secs: number;
  readonly flags: number;
  readonly ciaddr: Ip4;
  readonly yiaddr: Ip4;
  readonly siaddr: Ip4;
  readonly giaddr: Ip4;
  /** `hlen` bytes, at most 16. */
  readonly chaddr: Uint8Array;
  /** Up to its NUL; empty under option overload. */
  readonly sname: string;
  /** Up to its NUL; empty under option overload. */
  readonly file: string;
}

/** A received packet. Its bytes are views into the datagram: they last as long as the receive buffer does. */
export interface Packet extends Header {
  readonly options: Options;
}

/** @throws {MalformedError} with field and offset, and nothing else, whatever the bytes are */
export function decode(bytes: Uint8Array): Packet {
  if (bytes.length < at.options) {
    throw new MalformedError('length', bytes.length, `a DHCP message has at least ${at.options} bytes`);
  }
  if (readU32(bytes, at.cookie) !== magicCookie) {
    throw new MalformedError('magic cookie', at.cookie, 'is not 99.130.83.99 (RFC 2131 §3)');
  }
  const hlen = bytes[at.hlen] ?? 0;
  if (hlen > maxHlen)
    throw new MalformedError('hlen', at.hlen, `${hlen} is more than chaddr's ${maxHlen} bytes`);

  const spans: number[] = [];
  scanOptions(bytes, at.options, bytes.length, spans);
  const overload = readOverload(bytes, spans);
  // RFC 3396 §5: the options field first, then file, then sname.
  if (overload & 1) scanOptions(bytes, at.file, at.cookie, spans);
  if (overload & 2) scanOptions(bytes, at.sname, at.file, spans);

  return {
    op: bytes[at.op] ?? 0,
    htype: bytes[at.htype] ?? 0,
    hops: bytes[at.hops] ?? 0,
    xid: readU32(bytes, at.xid),
    secs: readU16(bytes, at.secs),
    flags: readU16(bytes, at.flags),
    ciaddr: readU32(bytes, at.ciaddr),
    yiaddr: readU32(bytes, at.yiaddr),
    siaddr: readU32(bytes, at.siaddr),
    giaddr: readU32(bytes, at.giaddr),
    chaddr: bytes.subarray(at.chaddr, at.chaddr + hlen),
    sname: overload & 2 ? '' : textUntilNul(bytes, at.sname, at.file),
    file: overload & 1 ? '' : textUntilNul(bytes, at.file, at.cookie),
    options: new Options(bytes, spans),
  };
}

/** Option 52: 1 = `file` holds options, 2 = `sname`, 3 = both (RFC 2132 §9.3). */
function readOverload(bytes: Uint8Array, spans: readonly number[]): number {
  const offset = spans.findIndex((code, index) => index % 3 === 0 && code === optionTable.overload.code);
  if (offset === -1) return 0;
  const start = spans[offset + 1] ?? 0;
  const length = (spans[offset + 2] ?? 0) - start;
  const value = bytes[start] ?? 0;
  if (length === 1 && value >= 1 && value <= 3) return value;
  throw new MalformedError('option 52', start, 'must be one byte: 1, 2 or 3');
}

/** The client's MAC in a datagram that may be no packet at all; undefined where none can stand. */
export function macOfDatagram(bytes: Uint8Array): Mac | undefined {
  const hasMac = bytes.length >= at.chaddr + 6 && bytes[at.htype] === ethernet && bytes[at.hlen] === 6;
  return hasMac ? macOf(bytes, at.chaddr) : undefined;
}

function textUntilNul(bytes: Uint8Array, start: number, stop: number): string {
  if (bytes[start] === 0) return '';
  const nul = bytes.indexOf(0, start);
  return toText(bytes.subarray(start, nul === -1 || nul > stop ? stop : nul));
}
