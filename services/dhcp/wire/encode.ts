import { toBytes, writeU16, writeU32, zeros } from '#shared/bytes.ts';
import { SmeeError } from '#shared/errors.ts';
import { bootRequest, end, ethernet, maxFile, type OptionValues, optionTable } from './codes.ts';
import { packOptions } from './options.ts';
import { at, type Header, magicCookie, maxHlen } from './packet.ts';

const maxSname = 63;

/** BOOTP's smallest message (RFC 951 §3): some relays and ROMs drop what is shorter. */
const minMessage = 300;

/** What was sent, and the codes of the options that did not fit. */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly leftOut: readonly number[];
}

/**
 * A message of at most `limit` bytes: option 53 first, the others in ascending order, 82 last (RFC 3046 §2.2), END, zeros up
 * to 300 bytes. A value longer than 255 bytes is split over instances of its option (RFC 3396 §6).
 *
 * @param limit bytes of UDP payload; options go in the order of `leftOutFirst` until the message fits
 * @throws {SmeeError} `too-long` when `file`, `sname` or `chaddr` do not fit into their fields: a mistake of the caller
 */
export function encode(
  header: Header,
  options: ReadonlyMap<number, Uint8Array>,
  limit: number,
  leftOutFirst: readonly number[] = [],
): Encoded {
  const { kept, leftOut, size } = choose(options, limit, leftOutFirst);
  const bytes = zeros(Math.max(size, minMessage));
  writeHeader(bytes, header);
  let offset: number = at.options;
  for (const code of kept) offset = writeOption(bytes, offset, code, options.get(code) ?? new Uint8Array());
  bytes[offset] = end;
  return { bytes, leftOut };
}

/**
 * What a machine says, on Ethernet (RFC 2131 §2). What is not given of the header is zero.
 * @param limit as for `encode`
 */
export function encodeRequest(
  header: Pick<Header, 'chaddr'> & Partial<Header>,
  options: OptionValues,
  limit: number,
): Uint8Array {
  const numbers = { op: bootRequest, htype: ethernet, hops: 0, xid: 0, secs: 0, flags: 0 };
  const addresses = { ciaddr: 0, yiaddr: 0, siaddr: 0, giaddr: 0 };
  return encode({ ...numbers, ...addresses, sname: '', file: '', ...header }, packOptions(options), limit)
    .bytes;
}

function choose(options: ReadonlyMap<number, Uint8Array>, limit: number, leftOutFirst: readonly number[]) {
  const codes = [...options.keys()].sort((a, b) => rank(a) - rank(b));
  let size = at.options + 1;
  for (const value of options.values()) size += sizeOf(value);
  if (size <= limit) return { kept: codes, leftOut: [], size };

  const kept = new Set(codes);
  const leftOut: number[] = [];
  for (const code of leftOutFirst) {
    if (size <= limit) break;
    const value = options.get(code);
    if (value === undefined) continue;
    size -= sizeOf(value);
    kept.delete(code);
    leftOut.push(code);
  }
  return { kept, leftOut, size };
}

function rank(code: number): number {
  if (code === optionTable.messageType.code) return -1;
  return code === optionTable.relayInfo.code ? 256 : code;
}

/** With a code and a length for every 255 bytes; an empty value has them too. */
function sizeOf(value: Uint8Array): number {
  return value.length + 2 * Math.max(1, Math.ceil(value.length / 255));
}

function writeOption(bytes: Uint8Array, offset: number, code: number, value: Uint8Array): number {
  let to = offset;
  let from = 0;
  do {
    const length = Math.min(value.length - from, 255);
    bytes[to++] = code;
    bytes[to++] = length;
    // Byte by byte: for values this short, a view and a copy cost ten times as much.
    for (const stop = from + length; from < stop; from++) bytes[to++] = value[from] ?? 0;
  } while (from < value.length);
  return to;
}

function writeHeader(bytes: Uint8Array, header: Header): void {
  bytes[at.op] = header.op;
  bytes[at.htype] = header.htype;
  bytes[at.hlen] = header.chaddr.length;
  bytes[at.hops] = header.hops;
  writeU32(bytes, at.xid, header.xid);
  writeU16(bytes, at.secs, header.secs);
  writeU16(bytes, at.flags, header.flags);
  writeU32(bytes, at.ciaddr, header.ciaddr);
  writeU32(bytes, at.yiaddr, header.yiaddr);
  writeU32(bytes, at.siaddr, header.siaddr);
  writeU32(bytes, at.giaddr, header.giaddr);
  writeField(bytes, at.chaddr, 'chaddr', header.chaddr, maxHlen);
  if (header.sname !== '') writeField(bytes, at.sname, 'sname', toBytes(header.sname), maxSname);
  if (header.file !== '') writeField(bytes, at.file, 'file', toBytes(header.file), maxFile);
  writeU32(bytes, at.cookie, magicCookie);
}

function writeField(bytes: Uint8Array, offset: number, name: string, value: Uint8Array, max: number): void {
  if (value.length > max) throw new SmeeError('too-long', `${name} is ${value.length} bytes; ${max} fit`);
  bytes.set(value, offset);
}
