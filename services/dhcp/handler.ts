import type { Reason } from '#shared/boot/reasons.ts';
import { readU32 } from '#shared/bytes.ts';
import { MalformedError } from '#shared/errors.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import { anyAddress, broadcastAddress } from '#shared/ip4.ts';
import type { Log } from '#shared/log.ts';
import type { TraceContext } from '#shared/trace/context.ts';
import type { DatagramHandler, DatagramInfo, Outgoing } from '#shared/udp/engine.ts';
import { AnswerMemory } from './answer-memory.ts';
import type { DhcpSettings } from './config.ts';
import { answer } from './decide/answer.ts';
import { messageLimit } from './decide/limit.ts';
import type { Answer, Reply } from './decide/reply.ts';
import type { Here } from './decide/settings.ts';
import { ExchangeLog } from './exchange-log.ts';
import type { ExchangeTelling } from './exchange-telling.ts';
import type { ExchangeTraces } from './exchange-traces.ts';
import type { Interfaces } from './interfaces.ts';
import type { DhcpMetrics } from './metrics.ts';
import { NakLimit } from './nak-limit.ts';
import { encode } from './wire/encode.ts';
import { leftOutCodes, packOptions } from './wire/options.ts';
import { at, decode } from './wire/packet.ts';
import { type Request, readRequest } from './wire/request.ts';

export interface HandlerParts {
  readonly settings: DhcpSettings;
  readonly machines: Machines;
  readonly interfaces: Interfaces;
  /** Loaders that are known not to be there, now. */
  readonly missingLoaders: () => ReadonlySet<string>;
  /** It answers the proxy port, 4011. */
  readonly onProxyPort?: boolean;
  readonly metrics: DhcpMetrics;
  readonly log: Log;
  /** undefined when there is no tracing. */
  readonly traces?: ExchangeTraces | undefined;
  /** undefined when the hardware service is told nothing. */
  readonly telling?: ExchangeTelling | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** One datagram in, at most one out: decode, look up, decide, encode, log one line. Malformed packets end here. */
export function createHandler(parts: HandlerParts): DatagramHandler {
  const { interfaces, machines, metrics, traces, telling, log, now } = parts;
  const exchanges = new ExchangeLog(parts);
  const naks = new NakLimit(now);
  const memory = new AnswerMemory(now, machines);

  /**
   * The short way, for a request that came before. A debug line shows packets, which only the long way has; and with tracing
   * each answer carries ids of its own.
   */
  const again = (datagram: Uint8Array, info: DatagramInfo, started: number): Outgoing | undefined => {
    if (traces !== undefined) return undefined;
    memory.under(interfaces.hostAt(started), parts.missingLoaders(), machines.ready, log.levelVal);
    const known = memory.find(datagram, info);
    if (known === undefined) return undefined;
    known.tally.count++;
    const xid = readU32(datagram, at.xid);
    if (known.told !== undefined) telling?.again(known.told, xid, started);
    exchanges.again(known.line, xid, now() - started);
    return known.outgoing;
  };

  return (datagram, info) => {
    const started = now();
    const repeated = again(datagram, info, started);
    if (repeated !== undefined) return repeated;
    const request = read(datagram);
    if (request instanceof MalformedError) {
      metrics.count('malformed', 'silent', 'malformed');
      const malformed = exchanges.malformed(datagram, info, request);
      if (malformed !== undefined) telling?.malformed(malformed);
      return undefined;
    }
    const machine = request.mac && machines.byMac(request.mac);
    const span = traces?.begin(request, machine);
    const here = hereOf(parts, info, span?.context);
    const answered = limitNaks(request, answer(request, machine, here), naks);
    const written = answered.said === 'silent' ? undefined : write(request, answered, info, interfaces);
    const why = whyOf(answered, written);
    const tally = metrics.count(request.type ?? 'none', answered.said, why);
    if (written && written.leftOut.length > 0) metrics.leftOut.inc(written.leftOut.length);
    if (span !== undefined) traces?.end(span, request, answered, why, written);
    const traceId = span?.context.traceId;
    const exchange = { request, machine, answer: answered, why, written, info, ms: now() - started, traceId };
    const line = exchanges.line(exchange);
    if (line === undefined) return written?.outgoing;
    const told = telling?.tell(exchange, line.fields);
    if (machine && written && !traces && isRepeatable(answered, written) && !log.isLevelEnabled('debug'))
      memory.keep(machine, datagram, info, () => ({
        outgoing: written.outgoing,
        tally,
        line: exchanges.repeated(line),
        told,
      }));
    return written?.outgoing;
  };
}

/** A NAK is counted against a limit, and what was left out is counted, too: neither is only an answer. */
function isRepeatable({ said }: Answer, { leftOut }: Written): boolean {
  return said !== 'NAK' && leftOut.length === 0;
}

function read(datagram: Uint8Array): Request | MalformedError {
  try {
    return readRequest(decode(datagram));
  } catch (error) {
    if (error instanceof MalformedError) return error;
    throw error;
  }
}

function hereOf(parts: HandlerParts, info: DatagramInfo, trace: TraceContext | undefined): Here {
  const { settings, interfaces, machines, missingLoaders, onProxyPort = false } = parts;
  const { ipForPacket, publicIpInterface } = settings;
  const detected = publicIpInterface === undefined ? undefined : interfaces.addressOf(publicIpInterface);
  const address = ipForPacket ?? detected ?? info.localAddress;
  return {
    address,
    isOurs: (other) => other === address || other === info.localAddress || interfaces.isOurs(other),
    source: { address: info.sourceAddress, port: info.sourcePort },
    onProxyPort,
    synced: machines.ready,
    missingLoaders: missingLoaders(),
    trace: settings.mode === 'reservation' ? trace : undefined,
    settings,
  };
}

function limitNaks(request: Request, answered: Answer, naks: NakLimit): Answer {
  if (answered.said !== 'NAK' || request.mac === undefined || naks.allow(request.mac)) return answered;
  return { said: 'silent', why: 'nak-limited' };
}

/** A reply on its way, and the codes of the options that did not fit into it. */
export interface Written {
  readonly outgoing: Outgoing;
  readonly leftOut: readonly number[];
}

function write(request: Request, reply: Reply, info: DatagramInfo, interfaces: Interfaces): Written {
  const limit = messageLimit(request, interfaces.byIndex(info.ifindex).mtu);
  const { bytes, leftOut } = encode(reply.header, packOptions(reply.options), limit, leftOutCodes);
  const { address, port } = reply.to;
  return {
    leftOut,
    outgoing: {
      bytes,
      address,
      port,
      // A broadcast leaves by the interface that the request came in on; for the rest the routes decide.
      ifindex: address === broadcastAddress ? info.ifindex : undefined,
      sourceAddress: info.localAddress === anyAddress ? undefined : info.localAddress,
    },
  };
}

function whyOf({ why }: Answer, written: Written | undefined): Reason {
  return why === 'ok' && written !== undefined && written.leftOut.length > 0 ? 'reply-too-big' : why;
}
