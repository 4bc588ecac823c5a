import { readHardware } from './hardware.ts';
import { ProtobufReader } from './reader.ts';
import type { MachineSource } from './source.ts';

/** smee.hardware.v1.HardwareEvent.Type, by number. */
const types = ['TYPE_UNSPECIFIED', 'ADDED', 'MODIFIED', 'DELETED', 'SYNCED'] as const;

/** smee.hardware.v1.HardwareEvent */
export interface WatchEvent {
  /** undefined: one that this release does not know. */
  readonly type: (typeof types)[number] | undefined;
  readonly hardware: MachineSource | undefined;
  readonly revision: number;
}

/** smee.hardware.v1.WatchHardwareResponse */
export interface WatchBatch {
  readonly storeId: string;
  readonly events: readonly WatchEvent[];
}

/**
 * One message of a watch. Read here, and not by protobufjs, which makes every message twice, with all that a replica does not
 * look at: for a hundred thousand records that was half of what a start took. @throws {MalformedError}
 */
export function readBatch(bytes: Buffer): WatchBatch {
  const reader = new ProtobufReader(bytes);
  let storeId = '';
  const events: WatchEvent[] = [];
  for (let field = reader.field(reader.end); field !== 0; field = reader.field(reader.end)) {
    if (field === 1) storeId = reader.word();
    else if (field === 2) events.push(readEvent(reader, reader.message()));
    else reader.skip();
  }
  return { storeId, events };
}

function readEvent(reader: ProtobufReader, end: number): WatchEvent {
  let type: WatchEvent['type'] = 'TYPE_UNSPECIFIED';
  let hardware: MachineSource | undefined;
  let revision = 0;
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    if (field === 1) type = types[reader.number()];
    else if (field === 2) hardware = readHardware(reader, reader.message());
    else if (field === 3) revision = reader.number();
    else reader.skip();
  }
  return { type, hardware, revision };
}
