import { concat } from '#shared/bytes.ts';
import { lengthOfField, lengthOfVarint, messageField, stringField, varintField, Writer } from './protobuf.ts';

/** The answers of proto/smee/hardware/v1/hardware.proto that hold records, made of records that are encoded already. */

const eventType = { ADDED: 1, MODIFIED: 2, DELETED: 3, SYNCED: 4 } as const;

export interface EncodedEvent {
  readonly type: keyof typeof eventType;
  readonly revision: number;
  /** The encoded Hardware; SYNCED has none. */
  readonly bytes?: Uint8Array;
}

/** WatchHardwareResponse. Written in one go: a watcher that begins is sent every record there is. */
export function watchResponse(storeId: string, events: readonly EncodedEvent[]): Uint8Array {
  const id = stringField(1, storeId);
  const lengths = events.map(eventLength);
  const writer = new Writer(lengths.reduce((sum, length) => sum + lengthOfField(2, length), id.length));
  writer.bytes(id);
  for (const [at, { type, revision, bytes }] of events.entries()) {
    writer.begin(2, lengths[at] ?? 0);
    writer.varint(1, eventType[type]);
    if (bytes !== undefined) {
      writer.begin(2, bytes.length);
      writer.bytes(bytes);
    }
    writer.varint(3, revision);
  }
  return writer.whole;
}

function eventLength({ type, revision, bytes }: EncodedEvent): number {
  const record = bytes === undefined ? 0 : lengthOfField(2, bytes.length);
  return lengthOfVarint(1, eventType[type]) + record + lengthOfVarint(3, revision);
}

/** ListHardwareResponse */
export function listResponse(
  records: readonly Uint8Array[],
  nextPageToken: string,
  revision: number,
): Uint8Array {
  return concat([
    ...records.map((bytes) => messageField(1, bytes)),
    stringField(2, nextPageToken),
    varintField(3, revision),
  ]);
}

/** ApplyHardwareResponse */
export function applyResponse(record: Uint8Array, created: boolean): Uint8Array {
  return concat([messageField(1, record), varintField(2, created ? 1 : 0)]);
}
