import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Reason } from '#shared/boot/reasons.ts';
import type { FetchesUnderWay } from '#shared/events/fetches.ts';
import type { Ip4 } from '#shared/ip4.ts';
import type { Account } from './account.ts';
import { FilePart } from './file/part.ts';
import { PartSender } from './file/part-sender.ts';
import type { Sendfile } from './file/sendfile.ts';
import { streamOf } from './file/stream.ts';
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

/** An answer's body as it leaves. */
type Body = Exclude<Answer['body'], FilePart> | PartSender;

export interface Asides {
  readonly account: Account;
  readonly metrics: HttpMetrics;
  /** True once the service stops: no connection is kept for a next request. */
  readonly stopping: () => boolean;
  /** undefined when the hardware service is told nothing. */
  readonly fetches: FetchesUnderWay | undefined;
  /** undefined: files are read, and written as everything else. */
  readonly sendfile: Sendfile | undefined;
}

export function deliverer({ account, metrics, stopping, fetches, sendfile }: Asides): Deliver {
  const { soFar, ended } = account;

  return (request, reply, answer) => {
    const { raw } = reply;
    const { socket } = request.raw;
    const body = forWayTo(socket, answer.body);
    let cut: Reason | undefined;
    const breakOff = (why: Reason) => {
      cut = why;
      socket.destroy();
    };
    metrics.inFlight.inc();
    metrics.jobs.begun(answer.said);
    const fetch = mayLast(request, answer)
      ? fetches?.begin(() => soFar(request, reply, answer, isSentInParts(body) ? bytesRead(body) : undefined))
      : undefined;
    const closed = () => {
      metrics.inFlight.dec();
      const isSent = raw.writableFinished || (body instanceof PartSender && body.isWhole);
      const why = cut ?? (isSent ? answer.why : 'aborted');
      const bytes = request.method === 'HEAD' ? 0 : bytesSent(reply, body);
      ended(request, reply, { ...answer, why }, bytes, fetch?.end());
      if (stopping()) socket.end();
    };
    // A client may leave with its last byte before we know that we have sent it.
    const close = () => (body instanceof PartSender ? body.stop(closed) : closed());
    // A client that left while its answer was being prepared has closed it already.
    if (raw.destroyed) close();
    else raw.once('close', close);
    reply.code(answer.status).headers(answer.headers);
    if (stopping()) reply.header('connection', 'close');
    if (isSentInParts(body)) keepPace(raw, socket, body, () => breakOff('timed-out'));
    if (body instanceof PartSender) {
      reply.hijack();
      raw.statusCode = reply.statusCode;
      for (const [name, value = ''] of Object.entries(reply.getHeaders())) raw.setHeader(name, value);
      body.follow(raw, () => breakOff('file-changed'));
      return reply;
    }
    if (body instanceof Readable) {
      body.once('error', (error) => {
        if (error instanceof UpstreamError) cut = error.why;
      });
      // A file that shrinks while it is read would leave the client waiting on an open connection: it must see the break.
      body.once('end', () => {
        if (bytesRead(body) !== Number(reply.getHeader('content-length'))) breakOff('file-changed');
      });
    }
    return reply.send(body instanceof Uint8Array ? asBuffer(body) : body);
  };

  /** Files go past us where that can be, else through us. */
  function forWayTo(socket: Socket, body: Answer['body']): Body {
    if (!(body instanceof FilePart)) return body;
    return sendfile?.canReach(socket) ? new PartSender(sendfile, socket, body) : streamOf(body);
  }
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

/** Bytes that a stream reads of a file at a time. */
const piece = 65_536;

/** Calls `tooSlow` when the client takes nothing of the body from one look to the next. */
function keepPace(answer: ServerResponse, socket: Socket, body: Body, tooSlow: () => void): void {
  let before: number | undefined;
  const looks = setInterval(() => {
    const taken = piecesTaken(body);
    if (taken !== undefined && taken === before) tooSlow();
    // Node, which ends silent connections, sees only what it has sent itself.
    else socket.setTimeout(limits.idle);
    before = taken;
  }, limits.pace);
  answer.once('close', () => clearInterval(looks));
  if (answer.destroyed) clearInterval(looks);
}

/** In pieces, as a stream counts: else whoever takes a byte a minute would hold the file for ever. Undefined when it cannot be said now. */
function piecesTaken(body: Body): number | undefined {
  const taken = body instanceof PartSender ? body.taken : bytesRead(body);
  return taken === undefined ? undefined : Math.floor(taken / piece);
}

/** Everything else is handed over at once. */
function isSentInParts(body: Body): body is Readable | PartSender {
  return body instanceof Readable || body instanceof PartSender;
}

/** Of an answer that was cut off: what was read for it, which is what left, give or take a buffer. */
function bytesSent(reply: FastifyReply, body: Body): number {
  if (reply.raw.writableFinished) return Number(reply.getHeader('content-length') ?? 0);
  return bytesRead(body);
}

function bytesRead(body: Body): number {
  return typeof body === 'object' && 'bytesRead' in body ? Number(body.bytesRead) : 0;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
