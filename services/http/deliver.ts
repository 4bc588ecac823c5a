import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Reason } from '#shared/boot/reasons.ts';
import type { FetchesUnderWay } from '#shared/events/fetches.ts';
import type { Ip4 } from '#shared/ip4.ts';
import type { Account } from './account.ts';
import type { Answer } from './handlers/answer.ts';
import { UpstreamError } from './iso/failure.ts';
import { limits } from './limits.ts';
import type { HttpMetrics } from './metrics.ts';
import { clientAddress } from './wire/request.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** When its headers were there, in milliseconds of `performance.now()`. */
    askedAt: number;
    /** Who asked, for the log. Noted at once: a connection that is gone has no address. */
    peer: string;
    /** The same as an address; undefined when it is no IPv4 address. */
    client: Ip4 | undefined;
  }
}

/** Notes what only the beginning of a request knows. */
export function noteArrival(request: FastifyRequest): void {
  request.askedAt = performance.now();
  request.peer = peerOf(request);
  request.client = clientAddress(request.ip);
}

/** Sends one answer, and accounts for it when its last byte has left or the client has gone. */
export type Deliver = (request: FastifyRequest, reply: FastifyReply, answer: Answer) => FastifyReply;

export interface Asides {
  readonly account: Account;
  readonly metrics: HttpMetrics;
  /** True once the service stops: no connection is kept for a next request. */
  readonly stopping: () => boolean;
  /** undefined when the hardware service is told nothing. */
  readonly fetches: FetchesUnderWay | undefined;
}

export function deliverer({ stopping, fetches, metrics, account }: Asides): Deliver {
  const { soFar, ended } = account;

  return (request, reply, answer) => {
    const { body } = answer;
    let cut: Reason | undefined;
    metrics.inFlight.inc();
    metrics.jobs.begun(answer.said);
    const fetch = mayLast(request, answer)
      ? fetches?.begin(() =>
          soFar(request, reply, answer, body instanceof Readable ? bytesRead(body) : undefined),
        )
      : undefined;
    const close = () => {
      metrics.inFlight.dec();
      const why = cut ?? (reply.raw.writableFinished ? answer.why : 'aborted');
      const bytes = request.method === 'HEAD' ? 0 : bytesSent(reply, body);
      ended(request, reply, { ...answer, why }, bytes, fetch?.end());
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

/** Whether a machine may wait for it so long that it is to be told of while it is on its way. */
function mayLast({ method }: FastifyRequest, { body, why, routine }: Answer): boolean {
  return typeof body !== 'string' && why === 'ok' && method !== 'HEAD' && routine !== true;
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
