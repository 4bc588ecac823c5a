import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Reason } from '#shared/boot/reasons.ts';
import type { Log } from '#shared/log.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import type { Answer } from './handlers/answer.ts';
import type { HttpMetrics } from './metrics.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** When its headers were there, in milliseconds of `performance.now()`. */
    askedAt: number;
  }
}

/** Sends one answer, and accounts for it when its last byte has left or the client has gone. */
export type Deliver = (request: FastifyRequest, reply: FastifyReply, answer: Answer) => FastifyReply;

export interface Asides {
  readonly log: Log;
  readonly metrics: HttpMetrics;
  /** True once the service stops: no connection is kept for a next request. */
  readonly stopping: () => boolean;
}

/** Lines about strangers that are refused; machines that we know always get theirs. */
const strangers = { perSecond: 20, burst: 200 };

export function deliverer({ log, metrics, stopping }: Asides): Deliver {
  const limit = new RateLimit(strangers.perSecond, strangers.burst);

  const account = (
    request: FastifyRequest,
    reply: FastifyReply,
    { peer, why, ...answer }: Answer & { readonly peer: string },
  ) => {
    const { said, status, mac, detail } = answer;
    const ms = performance.now() - request.askedAt;
    const bytes = request.method === 'HEAD' ? 0 : bytesSent(reply, answer.body);
    metrics.answers.inc({ said, status, why });
    metrics.bytes.inc({ said }, bytes);
    metrics.seconds.observe({ said }, ms / 1000);
    const stranger = mac === undefined || why === 'unknown-machine';
    if (why !== 'ok' && stranger && !limit.allow()) return;
    const suppressed = limit.takeSuppressed();
    log.info(
      {
        mac,
        peer,
        method: request.method,
        file: request.url.split('?', 1)[0],
        said,
        status,
        bytes,
        ms: Math.round(ms * 10) / 10,
        why,
        detail,
        ...(suppressed > 0 ? { suppressed } : {}),
      },
      'answered',
    );
  };

  return (request, reply, answer) => {
    const { body } = answer;
    // Now: a connection that is gone has no address.
    const peer = peerOf(request);
    let cut: Reason | undefined;
    metrics.inFlight.inc();
    reply.raw.once('close', () => {
      metrics.inFlight.dec();
      const why = cut ?? (reply.raw.writableFinished ? answer.why : 'aborted');
      account(request, reply, { ...answer, peer, why });
      if (stopping()) request.raw.socket.end();
    });
    reply.code(answer.status).headers(answer.headers);
    if (stopping()) reply.header('connection', 'close');
    if (body instanceof Readable) {
      // A file that shrinks while it is read would leave the client waiting on an open connection: it must see the break.
      body.once('end', () => {
        if (bytesRead(body) === Number(reply.getHeader('content-length'))) return;
        cut = 'file-changed';
        request.raw.socket.destroy();
      });
    }
    return reply.send(body instanceof Uint8Array ? asBuffer(body) : body);
  };
}

/** `address:port`; through a trusted proxy the address alone, for the port is the proxy's. */
function peerOf({ ip, socket }: FastifyRequest): string {
  return ip === socket.remoteAddress ? `${ip}:${socket.remotePort}` : ip;
}

/** Of an answer that was cut off: what was read for it, which is what left, give or take a buffer. */
function bytesSent(reply: FastifyReply, body: Answer['body']): number {
  if (reply.raw.writableFinished) return Number(reply.getHeader('content-length') ?? 0);
  return bytesRead(body);
}

function bytesRead(body: Answer['body']): number {
  return typeof body === 'object' && 'bytesRead' in body ? Number(body.bytesRead) : 0;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
