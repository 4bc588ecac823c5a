import type { Reason } from '#shared/boot/reasons.ts';
import { toText } from '#shared/bytes.ts';
import { MalformedError } from '#shared/errors.ts';
import type { BootEvent, Reporter } from '#shared/events/event.ts';
import type { Machine, Machines } from '#shared/hardware/machine.ts';
import { formatIp4 } from '#shared/ip4.ts';
import type { Log } from '#shared/log.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import type { DatagramHandler, DatagramInfo } from '#shared/udp/engine.ts';
import { Limits } from './limits.ts';
import type { SyslogMetrics } from './metrics.ts';
import { type Message, parseMessage } from './wire/message.ts';
import { printable, printableJson } from './wire/printable.ts';

/** Characters of a text that are logged, and of each header field. */
const longestText = 8192;
const longestField = 256;

export interface Parts {
  readonly machines: Machines;
  readonly log: Log;
  readonly metrics: SyslogMetrics;
  /** undefined when the hardware service is told nothing. */
  readonly reporter?: Reporter | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Turns each message into one log line: limit, parse, find the machine, log. Nothing is ever answered. */
export function createHandler({ machines, log, metrics, reporter, now }: Parts): DatagramHandler {
  const limits = new Limits(now);
  const notices = new RateLimit(0.1, 1, now);

  return (datagram, info) => {
    const limited = limits.check(info.sourceAddress);
    if (limited !== 'ok') {
      metrics.messages.inc({ why: limited });
      const machine = machineAt(machines, info);
      if (notices.allow()) log.warn({ ...whoIs(machine, info), why: limited }, 'syslog messages are dropped');
      return undefined;
    }
    const dropped = limits.takeSuppressed(info.sourceAddress);
    const machine = machineAt(machines, info);
    const who = { ...whoIs(machine, info), ...(dropped > 0 && { dropped }) };
    const recorded = record(datagram, who, log);
    metrics.messages.inc({ why: recorded.why });
    if (machine && recorded.logged) reporter?.tell(eventOf(recorded.logged, machine, info));
    return undefined;
  };
}

/** The machine whose address it is, when there is exactly one. */
function machineAt(machines: Machines, { sourceAddress }: DatagramInfo): Machine | undefined {
  const [machine, other] = machines.byIp(sourceAddress);
  return other === undefined ? machine : undefined;
}

/** `mac` and `machine` (its host name, else its record's) when it is known. */
function whoIs(machine: Machine | undefined, { sourceAddress, sourcePort }: DatagramInfo): object {
  const host = formatIp4(sourceAddress);
  const { mac, hostname = machine?.name } = machine?.dhcp ?? {};
  return { ...(machine && { mac, machine: hostname }), peer: `${host}:${sourcePort}`, host };
}

/** What became of a message. */
interface Recorded {
  readonly why: Reason;
  /** As it was logged; undefined when it was not. */
  readonly logged?: Pick<Message, 'severity' | 'appName' | 'text'>;
}

function record(datagram: Uint8Array, who: object, log: Log): Recorded {
  const sent = toText(datagram);
  try {
    const message = parseMessage(sent);
    const { severity, text, appName } = message;
    const level = severity === 'debug' ? 'debug' : 'info';
    if (!log.isLevelEnabled(level)) return { why: 'ok' };
    const shown = printable(text, longestText);
    log[level]({ ...who, ...fieldsOf(message), ...jsonOf(text) }, shown);
    return { why: 'ok', logged: { severity, appName, text: shown } };
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    const { code: why, message: problem } = error;
    const raw = printable(sent, longestText);
    log.debug({ ...who, why, problem, bytes: datagram.length, raw }, 'not a syslog message');
    return { why: 'malformed' };
  }
}

function eventOf(
  { severity, appName, text }: NonNullable<Recorded['logged']>,
  { name, dhcp }: Machine,
  { sourceAddress, sourcePort }: DatagramInfo,
): BootEvent {
  const address = formatIp4(sourceAddress);
  return {
    at: Date.now(),
    mac: dhcp.mac,
    name,
    address,
    stage: 'syslog',
    outcome: 'heard',
    why: 'ok',
    said: 'message',
    details: { peer: `${address}:${sourcePort}`, severity, 'app-name': appName, text },
    ms: 0,
  };
}

function fieldsOf({ facility, severity, structuredData, ...header }: Message): object {
  const { timestamp, hostname, appName, procId, msgId } = header;
  const named = { timestamp, hostname, 'app-name': appName, procid: procId, msgid: msgId };
  const texts = Object.entries(named).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, printable(value, longestField)]],
  );
  return {
    facility,
    severity,
    ...Object.fromEntries(texts),
    ...(structuredData !== undefined && { 'structured-data': printableJson(structuredData, longestField) }),
  };
}

/** A text that is a JSON object (structured loggers send such) is logged parsed, too. */
function jsonOf(text: string): object {
  if (!text.startsWith('{') || text.length > longestText) return {};
  try {
    return { json: printableJson(JSON.parse(text), longestText) };
  } catch {
    return {};
  }
}
