import type { Socket } from 'node:net';
import type { Reason } from '#shared/boot/reasons.ts';
import type { Log } from '#shared/log.ts';
import type { Mac } from '#shared/mac.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import type { HttpMetrics } from './metrics.ts';

const answers: Readonly<Record<string, { readonly why: Reason; readonly status: string }>> = {
  HPE_HEADER_OVERFLOW: { why: 'request-too-big', status: '431 Request Header Fields Too Large' },
  ERR_HTTP_REQUEST_TIMEOUT: { why: 'timed-out', status: '408 Request Timeout' },
};
const malformed = { why: 'bad-request', status: '400 Bad Request' } as const;

/**
 * What Node calls when a connection's bytes are no HTTP request: said once, counted, closed.
 * @param macAt the machine with that address, for the log
 */
export function refuseMalformed(log: Log, metrics: HttpMetrics, macAt: (address: string) => Mac | undefined) {
  const limit = new RateLimit(5, 20);
  return (error: Error & { code?: string }, socket: Socket): void => {
    // No request at all: the peer dropped its connection, as EDK2 does with each one it has done with. A transfer that was
    // under way says for itself that it was aborted.
    if (error.code === 'ECONNRESET') {
      socket.destroy(error);
      return;
    }
    const { why, status } = answers[error.code ?? ''] ?? malformed;
    metrics.malformed.inc({ why });
    if (limit.allow()) {
      const { remoteAddress = '', remotePort } = socket;
      const peer = `${remoteAddress}:${remotePort}`;
      log.info({ mac: macAt(remoteAddress), peer, why, suppressed: limit.takeSuppressed() }, 'no request');
    }
    // The peer is gone, or an answer is under way: a second one in its middle would be read as its bytes.
    if (!socket.writable || socket.bytesWritten > 0) {
      socket.destroy(error);
      return;
    }
    const body = `${why}\n`;
    socket.end(
      `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
  };
}
