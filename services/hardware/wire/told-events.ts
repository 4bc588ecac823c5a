import { MalformedError } from '#shared/errors.ts';
import type { BootEvent__Output } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import type { Machine__Output } from '#shared/generated/smee/boot/v1/Machine.ts';
import type { ReportEventsRequest__Output } from '#shared/generated/smee/boot/v1/ReportEventsRequest.ts';
import { ProtobufReader } from '#shared/hardware/wire/reader.ts';

/** smee.boot.v1.Stage and Outcome, by number. */
const stages = ['STAGE_UNSPECIFIED', 'DHCP', 'TFTP', 'HTTP', 'ISO', 'SYSLOG', 'OS'] as const;
const outcomes = ['OUTCOME_UNSPECIFIED', 'YES', 'NO', 'HEARD'] as const;

/** A message of ReportEvents, beside each of its events the bytes that it was read from, where those are at hand. */
export interface ToldEvents extends ReportEventsRequest__Output {
  readonly encoded?: readonly Uint8Array[];
}

/**
 * smee.boot.v1.ReportEventsRequest as nearly all are: events, and nothing else but how many were dropped. Read here, and not by
 * protobufjs, which makes every message twice, and nothing of what ten thousand machines have in common once. Undefined for any
 * other. @throws {MalformedError}
 */
export function readToldEvents(bytes: Buffer): ToldEvents | undefined {
  const reader = new ProtobufReader(bytes);
  const encoded: Buffer[] = [];
  let dropped = 0;
  for (let field = reader.field(reader.end); field !== 0; field = reader.field(reader.end)) {
    if (field === 2) encoded.push(reader.bytes());
    else if (field === 3) dropped = reader.number();
    else return undefined;
  }
  return { events: encoded.map(readEvent), dropped, encoded };
}

/** smee.boot.v1.BootEvent. Texts that only one machine has are made; all others are looked up first. */
function readEvent(bytes: Buffer): BootEvent__Output {
  const reader = new ProtobufReader(bytes);
  const { end } = reader;
  const event: BootEvent__Output = {};
  const details: Record<string, string> = {};
  event.details = details;
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    if (field === 1) event.timeUnixMilli = reader.number();
    else if (field === 2) event.machine = readMachine(reader, reader.message());
    else if (field === 3) event.stage = stages[reader.number()] ?? 'STAGE_UNSPECIFIED';
    else if (field === 4) event.outcome = outcomes[reader.number()] ?? 'OUTCOME_UNSPECIFIED';
    else if (field === 5) event.reason = reader.word();
    else if (field === 6) event.said = reader.word();
    else if (field === 7) readDetail(reader, details);
    else if (field === 8) event.durationMicros = reader.number();
    else if (field === 9) event.traceId = reader.text();
    else if (field === 10) event.xid = reader.number() >>> 0;
    else if (field === 11) event.repeats = reader.number() >>> 0;
    else if (field === 12) event.id = reader.number();
    else if (field === 13) event.bootId = reader.number();
    else if (field === 14) event.service = reader.word();
    else if (field === 15) event.instance = reader.word();
    else if (field === 16) event.fetchId = reader.text();
    else reader.skip();
  }
  return event;
}

function readMachine(reader: ProtobufReader, end: number): Machine__Output {
  const machine: Machine__Output = {};
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    if (field === 1) machine.mac = reader.text();
    else if (field === 2) machine.name = reader.text();
    else if (field === 3) machine.clientUuid = reader.text();
    else if (field === 4) machine.address = reader.text();
    else reader.skip();
  }
  return machine;
}

/** One entry of the map: an object whose keys come from outside must not have this one. */
function readDetail(reader: ProtobufReader, details: Record<string, string>): void {
  const [key, value] = reader.entry();
  if (key === '__proto__') throw new MalformedError('details', 0, 'has no plain name');
  details[key] = value;
}
