import { concat } from '#shared/bytes.ts';
import { messageField, stringField, varintField } from './protobuf.ts';

/** The answers of proto/smee/hardware/v1/hardware.proto that hold records, made of records that are encoded already. */

const eventType = { ADDED: 1, MODIFIED: 2, DELETED: 3, SYNCED: 4 } as const;

export interface EncodedEvent {
  readonly type: keyof typeof eventType;
  readonly revision: number;
  /** The encoded Hardware; SYNCED has none. */
  readonly bytes?: Uint8Array;
}

/** WatchHardwareResponse */
export function watchResponse(storeId: string, events: readonly EncodedEvent[]): Uint8Array {
  return concat([
    stringField(1, storeId),
    ...events.map(({ type, revision, bytes }) =>
      messageField(
        2,
        concat([
          varintField(1, eventType[type]),
          ...(bytes === undefined ? [] : [messageField(2, bytes)]),
          varintField(3, revision),
        ]),
      ),
    ),
  ]);
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
