import type { Reason } from '#shared/boot/reasons.ts';
import { toText } from '#shared/bytes.ts';
import { MalformedError } from '#shared/errors.ts';
import type { Machines } from '#shared/hardware/machine.ts';
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
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Turns each message into one log line: limit, parse, find the machine, log. Nothing is ever answered. */
export function createHandler({ machines, log, metrics, now }: Parts): DatagramHandler {
  const limits = new Limits(now);
  const notices = new RateLimit(0.1, 1, now);

  return (datagram, info) => {
    const limited = limits.check(info.sourceAddress);
    if (limited !== 'ok') {
      metrics.messages.inc({ why: limited });
      if (notices.allow())
        log.warn({ ...whoIs(machines, info), why: limited }, 'syslog messages are dropped');
      return undefined;
    }
    const dropped = limits.takeSuppressed(info.sourceAddress);
    const who = { ...whoIs(machines, info), ...(dropped > 0 && { dropped }) };
    metrics.messages.inc({ why: record(datagram, who, log) });
    return undefined;
  };
}

/** `mac` and `machine` (its host name, else its record's) when the source address is that of exactly one machine. */
function whoIs(machines: Machines, { sourceAddress, sourcePort }: DatagramInfo): object {
  const host = formatIp4(sourceAddress);
  const [machine, other] = machines.byIp(sourceAddress);
  const known = machine !== undefined && other === undefined;
  const { mac, hostname = machine?.name } = machine?.dhcp ?? {};
  return { ...(known && { mac, machine: hostname }), peer: `${host}:${sourcePort}`, host };
}

function record(datagram: Uint8Array, who: object, log: Log): Reason {
  const sent = toText(datagram);
  try {
    const message = parseMessage(sent);
    const { severity, text } = message;
    const level = severity === 'debug' ? 'debug' : 'info';
    log[level]({ ...who, ...fieldsOf(message), ...jsonOf(text) }, printable(text, longestText));
    return 'ok';
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    const { code: why, message: problem } = error;
    const raw = printable(sent, longestText);
    log.debug({ ...who, why, problem, bytes: datagram.length, raw }, 'not a syslog message');
    return 'malformed';
  }
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
