import { BootService } from '#shared/events/contract.ts';
import type { Boot, Boot__Output } from '#shared/generated/smee/boot/v1/Boot.ts';
import type { BootEvent, BootEvent__Output } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import type { Hello, Hello__Output } from '#shared/generated/smee/boot/v1/Hello.ts';
import { messageField } from '../wire/protobuf.ts';

/** Messages in the form in which they are kept: encoded once, and sent as they are to whoever asks. */

const { ReportEvents, GetBoot } = BootService.service;

export function encodeEvent(event: BootEvent): Uint8Array {
  return contentOf(ReportEvents.requestSerialize({ events: [event] }));
}

export function decodeEvent(bytes: Uint8Array): BootEvent__Output | undefined {
  return ReportEvents.requestDeserialize(Buffer.from(messageField(2, bytes))).events[0];
}

export function encodeBoot(boot: Boot): Uint8Array {
  return contentOf(GetBoot.responseSerialize({ boot }));
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
