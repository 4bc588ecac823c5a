import { concat, readU16, toBytes, toText, writeU16 } from '#shared/bytes.ts';
import { MalformedError } from '#shared/errors.ts';
import { opcodes } from './codes.ts';

/** One option as it stands in the packet: name and value are text (RFC 2347). */
export type Option = readonly [name: string, value: string];

export interface Request {
  readonly op: 'RRQ' | 'WRQ';
  readonly file: string;
  /** As sent: `octet`, `NetASCII`, … */
  readonly mode: string;
  /** In the order sent; a name may stand twice. */
  readonly options: readonly Option[];
}
interface Data {
  readonly op: 'DATA';
  /** 0 to 65535 */
  readonly block: number;
  /** A view into the datagram. */
  readonly data: Uint8Array;
}
interface Ack {
  readonly op: 'ACK';
  readonly block: number;
}
export interface ErrorPacket {
  readonly op: 'ERROR';
  /** Any number: clients invent their own. */
  readonly code: number;
  readonly message: string;
}
interface OptionAck {
  readonly op: 'OACK';
  readonly options: readonly Option[];
}
export type Packet = Request | Data | Ack | ErrorPacket | OptionAck;

/**
 * Reads one datagram. RFC 1350 §5, RFC 2347:
 *
 *     RRQ, WRQ   2 bytes op | file | 0 | mode | 0 | name | 0 | value | 0 | …
 *     DATA       2 bytes op | 2 bytes block | 0 to blksize bytes
 *     ACK        2 bytes op | 2 bytes block
 *     ERROR      2 bytes op | 2 bytes code | message | 0
 *     OACK       2 bytes op | name | 0 | value | 0 | …
 *
 * @throws {MalformedError} naming the field and where it starts
 */
export function decode(bytes: Uint8Array): Packet {
  if (bytes.length < 2) throw new MalformedError('opcode', 0, 'the datagram ends before it');
  switch (readU16(bytes, 0)) {
    case opcodes.RRQ:
      return decodeRequest('RRQ', bytes);
    case opcodes.WRQ:
      return decodeRequest('WRQ', bytes);
    case opcodes.DATA:
      return { op: 'DATA', block: decodeNumber('block', bytes), data: bytes.subarray(4) };
    case opcodes.ACK:
      return { op: 'ACK', block: decodeNumber('block', bytes) };
    case opcodes.ERROR:
      return { op: 'ERROR', code: decodeNumber('error code', bytes), message: decodeMessage(bytes) };
    case opcodes.OACK:
      return { op: 'OACK', options: decodeOptions(bytes, 2) };
    default:
      throw new MalformedError('opcode', 0, `${readU16(bytes, 0)} is none of 1 to 6`);
  }
}

export function encode(packet: Packet): Uint8Array {
  switch (packet.op) {
    case 'RRQ':
    case 'WRQ':
      return fields(opcodes[packet.op], [packet.file, packet.mode, ...packet.options.flat()]);
    case 'OACK':
      return fields(opcodes.OACK, packet.options.flat());
    case 'DATA':
      return concat([numbers(opcodes.DATA, packet.block), packet.data]);
    case 'ACK':
      return numbers(opcodes.ACK, packet.block);
    case 'ERROR':
      return concat([numbers(opcodes.ERROR, packet.code), toBytes(packet.message), nul]);
  }
}

/** What stands before the bytes of a DATA: for who sends these from where they are. */
export function dataHeader(block: number): Uint8Array {
  return numbers(opcodes.DATA, block);
}

function decodeRequest(op: 'RRQ' | 'WRQ', bytes: Uint8Array): Request {
  const file = readField('file name', bytes, 2);
  const mode = readField('mode', bytes, file.next);
  return { op, file: file.text, mode: mode.text, options: decodeOptions(bytes, mode.next) };
}

/** Some boot ROMs pad the packet with NULs: an empty name ends the list. */
function decodeOptions(bytes: Uint8Array, from: number): readonly Option[] {
  const options: Option[] = [];
  for (let at = from; at < bytes.length; ) {
    const name = readField('option name', bytes, at);
    if (name.text === '') break;
    const value = readField(`option ${name.text}`, bytes, name.next);
    options.push([name.text, value.text]);
    at = value.next;
  }
  return options;
}

/** Text up to a NUL; what is not UTF-8 becomes U+FFFD, and then names no file. */
function readField(field: string, bytes: Uint8Array, at: number): { text: string; next: number } {
  const end = bytes.indexOf(0, at);
  if (end === -1) throw new MalformedError(field, at, 'the datagram ends before its NUL');
  return { text: toText(bytes.subarray(at, end)), next: end + 1 };
}

function decodeNumber(field: string, bytes: Uint8Array): number {
  if (bytes.length < 4) throw new MalformedError(field, 2, 'the datagram ends before it');
  return readU16(bytes, 2);
}

/** Some clients leave the NUL out, or the whole message. */
function decodeMessage(bytes: Uint8Array): string {
  const end = bytes.indexOf(0, 4);
  return toText(bytes.subarray(4, end === -1 ? bytes.length : end));
}

const nul = new Uint8Array(1);

function numbers(opcode: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  writeU16(bytes, 0, opcode);
  writeU16(bytes, 2, value);
  return bytes;
}

function fields(opcode: number, texts: readonly string[]): Uint8Array {
  const head = new Uint8Array(2);
  writeU16(head, 0, opcode);
  return concat([head, ...texts.flatMap((text) => [toBytes(text), nul])]);
}
