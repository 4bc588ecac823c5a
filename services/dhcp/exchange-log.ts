import { pino } from 'pino';
import { type Reason, reasons } from '#shared/boot/reasons.ts';
import type { MalformedError } from '#shared/errors.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { formatIp4 } from '#shared/ip4.ts';
import type { Log } from '#shared/log.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import type { DatagramInfo } from '#shared/udp/engine.ts';
import type { DhcpSettings } from './config.ts';
import { platformOf } from './decide/architecture.ts';
import { quirksOf } from './decide/quirks.ts';
import type { Answer } from './decide/reply.ts';
import type { Written } from './handler.ts';
import type { Interfaces } from './interfaces.ts';
import { RepeatedLine } from './repeated-line.ts';
import { decode, macOfDatagram } from './wire/packet.ts';
import { nameOf, print } from './wire/print.ts';
import type { Request } from './wire/request.ts';

/** Lines per second, and at once, about packets that anybody can send without end. */
const strangersPerSecond = 10;
const strangersAtOnce = 100;

/** As pino counts levels: to ask it by name looks the name up, and this is done for every answer. */
const infoLevel = pino.levels.values.info ?? 0;

export interface Exchange {
  readonly request: Request;
  readonly machine: Machine | undefined;
  readonly answer: Answer;
  readonly why: Reason;
  readonly written: Written | undefined;
  readonly info: DatagramInfo;
  /** From the datagram to its reply. */
  readonly ms: number;
  /** Undefined without tracing. */
  readonly traceId: string | undefined;
}

/** A line's fields, and its sentence. */
type Line = NonNullable<ReturnType<ExchangeLog['line']>>;
export type LineFields = Line['fields'];
export type MalformedFields = NonNullable<ReturnType<ExchangeLog['malformed']>>;

interface Parts {
  readonly settings: DhcpSettings;
  readonly interfaces: Interfaces;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * One info line per exchange, with the fields of docs/logging.md. Lines about strangers, malformed packets and NAK loops are
 * limited: the next one that is written says how many were not.
 */
export class ExchangeLog {
  readonly #settings: DhcpSettings;
  readonly #interfaces: Interfaces;
  readonly #log: Log;
  readonly #strangers: RateLimit;

  constructor({ settings, interfaces, log, now }: Parts) {
    this.#settings = settings;
    this.#interfaces = interfaces;
    this.#log = log;
    this.#strangers = new RateLimit(strangersPerSecond, strangersAtOnce, now);
  }

  /** What was written; undefined when nothing was, for the limit. */
  line(exchange: Exchange) {
    const { machine, why } = exchange;
    const isBounded = machine !== undefined && why !== 'nak-limited';
    if (!isBounded && !this.#strangers.allow()) return undefined;
    const line = { fields: this.#fields(exchange), message: sentence(exchange.answer, why) };
    this.#log[why === 'decline' ? 'warn' : 'info'](line.fields, line.message);
    if (this.#log.isLevelEnabled('debug')) this.#packets(exchange);
    return line;
  }

  /** What stays the same in the line of an exchange that happens again. */
  repeated({ fields, message }: Line): RepeatedLine {
    return new RepeatedLine(
      this.#log,
      { ...fields, xid: undefined, ms: undefined, suppressed: undefined },
      message,
    );
  }

  /** Writes it once more. */
  again(line: RepeatedLine, xid: number, ms: number): void {
    if (this.#log.levelVal > infoLevel) return;
    line.write(xid, this.#strangers.takeSuppressed(), ms);
  }

  #fields(exchange: Exchange) {
    const { request, machine, why, info, answer, written } = exchange;
    const reply = answer.said === 'silent' ? undefined : answer;
    // One literal, what is absent undefined (pino leaves it out): spreading parts together costs more than all the rest.
    return {
      mac: request.mac,
      xid: xidText(request.packet.xid),
      peer: `${formatIp4(info.sourceAddress)}:${info.sourcePort}`,
      iface: this.#interfaces.byIndex(info.ifindex).name,
      type: request.type,
      arch: this.#arch(request, machine),
      said: answer.said,
      why,
      file: reply?.file === undefined ? undefined : redact(reply.file),
      ip: reply === undefined || reply.header.yiaddr === 0 ? undefined : formatIp4(reply.header.yiaddr),
      detail: reply?.detail,
      leftOut: namesOf(written?.leftOut),
      bytes: written?.outgoing.bytes.length,
      suppressed: this.#strangers.takeSuppressed() || undefined,
      ms: rounded(exchange.ms),
    };
  }

  /** What was written; undefined when nothing was, for the limit. */
  malformed(datagram: Uint8Array, info: DatagramInfo, error: MalformedError) {
    if (!this.#strangers.allow()) return undefined;
    const { field, offset } = error;
    const fields = {
      mac: macOfDatagram(datagram),
      peer: `${formatIp4(info.sourceAddress)}:${info.sourcePort}`,
      iface: this.#interfaces.byIndex(info.ifindex).name,
      said: 'silent',
      why: 'malformed',
      field,
      offset,
      bytes: datagram.length,
      suppressed: this.#strangers.takeSuppressed() || undefined,
    };
    this.#log.info(fields, error.message);
    return fields;
  }

  #arch(request: Request, machine: Machine | undefined): string | undefined {
    const { architectures } = request;
    if (architectures === undefined) return undefined;
    return platformOf(architectures, quirksOf(request, machine), this.#settings.archMapping).name;
  }

  #packets({ request, written }: Exchange): void {
    const { mac } = request;
    this.#log.debug({ mac, packet: redact(print(request.packet)) }, 'received');
    if (written !== undefined) {
      this.#log.debug({ mac, packet: redact(print(decode(written.outgoing.bytes))) }, 'sent');
    }
  }
}

const xidText = (xid: number) => xid.toString(16).padStart(8, '0');

/** To microseconds. */
const rounded = (ms: number) => Math.round(ms * 1000) / 1000;

/** Options by name; undefined when there are none. */
function namesOf(codes: readonly number[] = []): string[] | undefined {
  return codes.length === 0 ? undefined : codes.map((code) => nameOf(code) ?? `${code}`);
}

/** What happened, for people: the reason's own sentence, with the file or architecture it speaks of. */
function sentence(answer: Answer, why: Reason): string {
  if (why === 'ok') return answer.said;
  const detail = answer.said !== 'silent' && answer.detail !== undefined ? ` (${answer.detail})` : '';
  return `${reasons[why].means}${detail}`;
}

/** A record's URL may carry a password or a token, in its user part or its query; neither belongs into a log or a trace. */
export function redact(text: string): string {
  return text.replace(/\/\/[^\s/@"]*@/g, '//…@').replace(/\?[^\s"]*/g, '?…');
}
