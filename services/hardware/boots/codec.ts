import { BootService } from '#shared/events/contract.ts';
import type { Boot__Output } from '#shared/generated/smee/boot/v1/Boot.ts';
import type { BootEvent, BootEvent__Output } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import type { Hello, Hello__Output } from '#shared/generated/smee/boot/v1/Hello.ts';
import { messageField } from '../wire/protobuf.ts';

/** Messages in the form in which they are kept: encoded once, and sent as they are to whoever asks. */

const { ReportEvents, GetBoot } = BootService.service;

/** Bytes of an event that is kept as it was told, at most: what is known of one is less, and what is not known is not kept. */
const longestTold = 16 * 1024;

/** Whose an event is, and who told it. */
interface Kept {
  readonly machine: { readonly mac: string; readonly name: string };
  readonly source: { readonly service: string; readonly instance: string };
}

/**
 * An event as it is kept: with its machine and its source, and without the ids that are columns.
 * @param encoded as it was told; it is kept like that where it says no less and nothing else, as nearly always
 */
export function encodeKept(
  told: BootEvent__Output,
  { machine, source }: Kept,
  encoded?: Uint8Array,
): Uint8Array {
  const { id = 0, bootId = 0, service = '', instance = '', ...rest } = told;
  const { mac = '', name = '' } = told.machine ?? {};
  const isWhole =
    mac === machine.mac && name === machine.name && id + bootId === 0 && service + instance === '';
  return isWhole && encoded !== undefined && encoded.length <= longestTold
    ? Buffer.concat([encoded, fieldsOf(source)])
    : encodeEvent({ ...rest, machine: { ...told.machine, ...machine }, ...source });
}

/** By whom it was told, as fields of the event: a service tells thousands. */
const sources = new WeakMap<Kept['source'], Uint8Array>();

function fieldsOf(source: Kept['source']): Uint8Array {
  const known = sources.get(source) ?? encodeEvent(source);
  sources.set(source, known);
  return known;
}

export function encodeEvent(event: BootEvent): Uint8Array {
  return contentOf(ReportEvents.requestSerialize({ events: [event] }));
}

export function decodeEvent(bytes: Uint8Array): BootEvent__Output | undefined {
  return ReportEvents.requestDeserialize(Buffer.from(messageField(2, bytes))).events[0];
}

export function decodeBoot(bytes: Uint8Array): Boot__Output | undefined {
  return GetBoot.responseDeserialize(Buffer.from(messageField(1, bytes))).boot;
}

export function encodeHello(hello: Hello): Uint8Array {
  return contentOf(ReportEvents.requestSerialize({ hello }));
}

export function decodeHello(bytes: Uint8Array): Hello__Output | undefined {
  return ReportEvents.requestDeserialize(Buffer.from(messageField(1, bytes))).hello;
}

/** What one field of a message holds, without its tag (one byte) and its length. */
function contentOf(message: Uint8Array): Uint8Array {
  let at = 1;
  while (((message[at++] ?? 0) & 0x80) !== 0);
  return message.subarray(at);
}
