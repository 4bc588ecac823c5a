import { concat } from '#shared/bytes.ts';
import type { Gap } from '#shared/events/gap.ts';
import { messageField, stringField, varintField } from './protobuf.ts';

/** The answers of proto/smee/boot/v1/boot.proto, made of boots and events that are encoded already. */

export interface EncodedBootEvent {
  readonly id: number;
  readonly boot: number;
  /** The encoded BootEvent without these two. */
  readonly body: Uint8Array;
}

/** BootEvent */
function bootEvent({ id, boot, body }: EncodedBootEvent): Uint8Array {
  return concat([body, varintField(12, id), varintField(13, boot)]);
}

interface LostEvents extends Gap {
  readonly service: string;
  readonly instance: string;
}

/** Gap */
function gapMessage({ events, from, to, service, instance }: LostEvents): Uint8Array {
  return concat([
    varintField(1, events),
    varintField(2, from),
    varintField(3, to),
    stringField(4, service),
    stringField(5, instance),
  ]);
}

export interface Summary {
  readonly booting: number;
  readonly booted: number;
  readonly failed: number;
  readonly handedOver: number;
  readonly strangers: number;
  readonly lastEventId: number;
  readonly unknown: number;
}

/** ListBootsResponse */
export function listBootsResponse(
  boots: readonly Uint8Array[],
  nextPageToken: string,
  summary: Summary,
  gaps: readonly LostEvents[],
): Uint8Array {
  const { booting, booted, failed, handedOver, strangers, lastEventId, unknown } = summary;
  const counts = [booting, booted, failed, handedOver, strangers, lastEventId, unknown];
  return concat([
    ...boots.map((boot) => messageField(1, boot)),
    stringField(2, nextPageToken),
    messageField(3, concat(counts.map((count, at) => varintField(at + 1, count)))),
    ...gaps.map((gap) => messageField(4, gapMessage(gap))),
  ]);
}

/** GetBootResponse */
export function getBootResponse(
  boot: Uint8Array,
  events: readonly EncodedBootEvent[],
  others: readonly Uint8Array[],
  gaps: readonly LostEvents[],
): Uint8Array {
  return concat([
    messageField(1, boot),
    ...events.map((event) => messageField(2, bootEvent(event))),
    ...others.map((other) => messageField(3, other)),
    ...gaps.map((gap) => messageField(4, gapMessage(gap))),
  ]);
}

/** WatchEventsResponse */
export function watchEventsResponse(
  events: readonly EncodedBootEvent[],
  boots: readonly Uint8Array[],
): Uint8Array {
  return concat([
    ...events.map((event) => messageField(1, bootEvent(event))),
    ...boots.map((boot) => messageField(2, boot)),
  ]);
}

/** ReportEventsResponse */
export function reportEventsResponse(received: number): Uint8Array {
  return varintField(1, received);
}
