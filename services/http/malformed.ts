import type { Socket } from 'node:net';
import type { Reason } from '#shared/boot/reasons.ts';
import type { Reporter } from '#shared/events/event.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import type { Log } from '#shared/log.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import type { Refused } from './connections.ts';
import type { HttpMetrics } from './metrics.ts';
import { bareAnswer } from './wire/bare-answer.ts';
import { clientAddress } from './wire/request.ts';

const answers: Readonly<Record<string, { readonly why: Reason; readonly status: string }>> = {
  HPE_HEADER_OVERFLOW: { why: 'request-too-big', status: '431 Request Header Fields Too Large' },
  ERR_HTTP_REQUEST_TIMEOUT: { why: 'timed-out', status: '408 Request Timeout' },
};
/** The connection's, not the request's. */
const failures: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

const malformed = { why: 'bad-request', status: '400 Bad Request' } as const;

interface Asides {
  readonly log: Log;
  readonly metrics: HttpMetrics;
  /** undefined when the hardware service is told nothing. */
  readonly reporter: Reporter | undefined;
  /** The machine with that address, for the log. */
  readonly machineAt: (client: Ip4 | undefined) => Machine | undefined;
}

/** Says, tells and counts that a connection was closed before it came to an answer. */
export function accountForRefused({ log, metrics, reporter, machineAt }: Asides): Refused {
  const limit = new RateLimit(5, 20);
  return (why, { remoteAddress = '', remotePort }) => {
    metrics.malformed.inc({ why });
    const client = clientAddress(remoteAddress);
    const machine = machineAt(client);
    const { mac } = machine?.dhcp ?? {};
    const peer = `${remoteAddress}:${remotePort}`;
    reporter?.tell({
      at: Date.now(),
      mac,
      name: machine?.name,
      address: client === undefined ? undefined : formatIp4(client),
      stage: 'http',
      outcome: 'no',
      why,
      said: 'silent',
      details: { peer },
      ms: 0,
    });
    if (!limit.allow()) return;
    log.info({ mac, peer, why, suppressed: limit.takeSuppressed() }, 'no request');
  };
}

/** What Node calls when a connection's bytes are no HTTP request, or when the connection fails: said once, counted, closed. */
export function refuseMalformed(refused: Refused) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    // No request at all: the peer dropped its connection, as EDK2 does with each one it has done with. A transfer that was
    // under way says for itself that it was aborted.
    if (failures.has(error.code ?? '')) {
      socket.destroy(error);
      return;
    }
    const { why, status } = answers[error.code ?? ''] ?? malformed;
    refused(why, socket);
    // The peer is gone, or an answer is under way: a second one in its middle would be read as its bytes.
    if (!socket.writable || socket.bytesWritten > 0) socket.destroy(error);
    else socket.end(bareAnswer(status, why));
  };
}

/** What Node calls when a TLS handshake fails. A peer that merely went away, as port scanners do, has not failed at it. */
export function refuseUnsafe(refused: Refused) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (!failures.has(error.code ?? '')) refused('tls-failed', socket);
    socket.destroy();
  };
}
