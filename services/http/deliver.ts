import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Reason } from '#shared/boot/reasons.ts';
import type { Log } from '#shared/log.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import type { Answer } from './handlers/answer.ts';
import { UpstreamError } from './iso/failure.ts';
import { limits } from './limits.ts';
import type { HttpMetrics } from './metrics.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** When its headers were there, in milliseconds of `performance.now()`. */
    askedAt: number;
    /** Who asked, for the log. Noted at once: a connection that is gone has no address. */
    peer: string;
  }
}

/** Notes what only the beginning of a request knows. */
export function noteArrival(request: FastifyRequest): void {
  request.askedAt = performance.now();
  request.peer = peerOf(request);
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

  const account = (request: FastifyRequest, reply: FastifyReply, answer: Answer) => {
    const { said, status, mac, detail, why } = answer;
    const ms = performance.now() - request.askedAt;
    const bytes = request.method === 'HEAD' ? 0 : bytesSent(reply, answer.body);
    metrics.answers.inc({ said, status, why });
    metrics.bytes.inc({ said }, bytes);
    metrics.seconds.observe({ said }, ms / 1000);
    const stranger = mac === undefined || why === 'unknown-machine';
    if (why !== 'ok' && stranger && !limit.allow()) return;
    const suppressed = limit.takeSuppressed();
    log[answer.routine === true && why === 'ok' ? 'debug' : 'info'](
      {
        mac,
        peer: request.peer,
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
    let cut: Reason | undefined;
    metrics.inFlight.inc();
    const close = () => {
      metrics.inFlight.dec();
      const why = cut ?? (reply.raw.writableFinished ? answer.why : 'aborted');
      account(request, reply, { ...answer, why });
      if (stopping()) request.raw.socket.end();
    };
    // A client that left while its answer was being prepared has closed it already.
    if (reply.raw.destroyed) close();
    else reply.raw.once('close', close);
    reply.code(answer.status).headers(answer.headers);
    if (stopping()) reply.header('connection', 'close');
    if (body instanceof Readable) {
      keepPace(reply.raw, body, () => {
        cut = 'timed-out';
        request.raw.socket.destroy();
      });
      body.once('error', (error) => {
        if (error instanceof UpstreamError) cut = error.why;
      });
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
  if (socket.remoteAddress === undefined) return 'gone';
  return ip === socket.remoteAddress ? `${ip}:${socket.remotePort}` : ip;
}

/** Calls `tooSlow` when the client takes nothing of the body from one look to the next. */
function keepPace(answer: ServerResponse, body: Readable, tooSlow: () => void): void {
  let taken = -1;
  const looks = setInterval(() => {
    if (bytesRead(body) === taken) tooSlow();
    taken = bytesRead(body);
  }, limits.pace);
  answer.once('close', () => clearInterval(looks));
  if (answer.destroyed) clearInterval(looks);
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
