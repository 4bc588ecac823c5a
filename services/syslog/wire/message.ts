import { MalformedError } from '#shared/errors.ts';
import { type Facility, facilities, type Severity, severities } from './codes.ts';
import { parseStructuredData, type StructuredData } from './structured-data.ts';

/** One syslog message. A field that is absent, or NILVALUE (`-`), is undefined. Texts are as they came: not yet safe to show. */
export interface Message {
  readonly facility: Facility;
  readonly severity: Severity;
  readonly timestamp?: string | undefined;
  readonly hostname?: string | undefined;
  readonly appName?: string | undefined;
  readonly procId?: string | undefined;
  readonly msgId?: string | undefined;
  readonly structuredData?: StructuredData | undefined;
  /** Without a byte order mark and without line breaks at its end. */
  readonly text: string;
}

/**
 * Parses RFC 5424, and what is sent as RFC 3164, which describes habits more than a format.
 * @param sent the datagram as text
 * @throws {MalformedError} without a valid PRI, or when a header of RFC 5424 is broken
 */
export function parseMessage(sent: string): Message {
  const whole = withoutEnd(sent);
  const [pri, digits] = /^<(\d{1,3})>/.exec(whole) ?? [];
  const priority = Number(digits);
  const facility = facilities[priority >>> 3];
  const severity = severities[priority & 7];
  if (pri === undefined) throw new MalformedError('PRI', 0, 'does not start with <0> to <191>');
  if (facility === undefined || severity === undefined)
    throw new MalformedError('PRI', 0, `${priority} is more than 191`);

  const rest = whole.slice(pri.length);
  const fields = /^1 /.test(rest) ? parseModern(rest, pri.length) : parseTraditional(rest);
  return { facility, severity, ...fields };
}

/** Without line breaks and NULs at its end. Not by a pattern: `+$` takes quadratic time on a run of them inside the text. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && '\r\n\0'.includes(text[end - 1] ?? '')) end--;
  return text.slice(0, end);
}

type Fields = Omit<Message, 'facility' | 'severity'>;

/**
 * RFC 5424 §6, after the PRI, for which `offset` stands:
 *
 *     1 SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP STRUCTURED-DATA [SP MSG]
 */
function parseModern(text: string, offset: number): Fields {
  const [header, ...found] = /^1 (\S+) (\S+) (\S+) (\S+) (\S+) /.exec(text) ?? [];
  if (header === undefined) throw new MalformedError('HEADER', offset, 'has fewer than seven fields');
  const [timestamp, hostname, appName, procId, msgId] = found.map((field) =>
    field === '-' ? undefined : field,
  );
  const { data, end } = parseStructuredData(text, header.length, offset);
  if (end < text.length && text[end] !== ' ')
    throw new MalformedError('STRUCTURED-DATA', offset + end, 'is not followed by a space');
  const message = text.slice(end + 1).replace(/^\ufeff/, ''); // §6.4: the mark says that it is UTF-8
  return { timestamp, hostname, appName, procId, msgId, structuredData: data, text: message };
}

/** `Nov  6 12:13:14`, as RFC 3164 §4.1.2 says, or what rsyslog and others put there: RFC 3339. */
const timestampPattern =
  /^([A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,6})?|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?):? /;
/** `kernel:`, `sshd[711]:` */
const tagPattern = /^([^\s:[\]]{1,64})(?:\[([^\]\s]{1,128})\])?:(?: |$)/;
const hostPattern = /^([A-Za-z0-9.:_-]{1,255}) /;

/**
 * RFC 3164 §4.1, after the PRI. Seen in the wild:
 *
 *     Nov  6 12:13:14 node07 sshd[711]: text       rsyslog, syslog-ng
 *     Nov  6 12:13:14 sshd[711]: text              syslog(3), and busybox, which forwards it as it is
 *     node07.example.org ipxe: text                iPXE: no timestamp; no host name either while it knows none
 *     text                                         anybody
 */
function parseTraditional(text: string): Fields {
  const [stamp = '', timestamp] = timestampPattern.exec(text) ?? [];
  const afterStamp = text.slice(stamp.length);
  if (tagPattern.test(afterStamp)) return { timestamp, ...parseTagged(afterStamp) };

  const [host = '', hostname] = hostPattern.exec(afterStamp) ?? [];
  const afterHost = afterStamp.slice(host.length);
  // Without a timestamp, a first word is a host name only where iPXE says so: it may be any text's first word.
  const isHost = host !== '' && (timestamp !== undefined || /^ipxe: /.test(afterHost));
  return isHost ? { timestamp, hostname, ...parseTagged(afterHost) } : { timestamp, text: afterStamp };
}

function parseTagged(text: string): Pick<Message, 'appName' | 'procId' | 'text'> {
  const [tag = '', appName, procId] = tagPattern.exec(text) ?? [];
  return { appName, procId, text: text.slice(tag.length) };
}
