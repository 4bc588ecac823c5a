import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Ip4 } from '#shared/ip4.ts';
import type { Arrival } from './account.ts';
import { FilePart, PartBytes } from './file/part.ts';
import { PartSender } from './file/part-sender.ts';
import type { Sendfile } from './file/sendfile.ts';
import { streamOf } from './file/stream.ts';
import type { Answer } from './handlers/answer.ts';
import { bytesRead, type InFlight } from './in-flight.ts';
import { UpstreamError } from './iso/failure.ts';
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

/** `address:port`; through a trusted proxy the address alone, for the port is the proxy's. */
function peerOf({ ip, socket }: FastifyRequest): string {
  if (socket.remoteAddress === undefined) return 'gone';
  return ip === socket.remoteAddress ? `${ip}:${socket.remotePort}` : ip;
}

/** Sends one answer, and accounts for it when its last byte has left or the client has gone. */
export type Deliver = (request: FastifyRequest, reply: FastifyReply, answer: Answer) => FastifyReply;

export interface Delivering {
  readonly inFlight: InFlight;
  /** True once the service stops: no connection is kept for a next request. */
  readonly stopping: () => boolean;
  /** undefined: files are read, and written as everything else. */
  readonly sendfile: Sendfile | undefined;
}

export function deliverer(delivering: Delivering): Deliver {
  const { inFlight, stopping, sendfile } = delivering;

  return (request, reply, answer) => {
    const { raw } = reply;
    if (answer.body instanceof PartBytes) {
      reply.hijack();
      deliverBytes(request, raw, answer, answer.body, delivering);
      return reply;
    }
    // Files go past us where that can be, else through us.
    if (answer.body instanceof FilePart && sendfile?.canReach(request.raw.socket)) {
      reply.hijack();
      deliverPart(request, raw, answer, answer.body, { inFlight, stopping, sendfile });
      return reply;
    }
    const body = answer.body instanceof FilePart ? streamOf(answer.body) : answer.body;
    const leaving = inFlight.begin(request, raw, answer, body, reply);
    reply.code(answer.status).headers(answer.headers);
    if (stopping()) reply.header('connection', 'close');
    if (body instanceof Readable) {
      body.once('error', (error) => {
        if (error instanceof UpstreamError) leaving.cut(error.why);
      });
      // A file that shrinks while it is read would leave the client waiting on an open connection: it must see the break.
      body.once('end', () => {
        if (bytesRead(body) !== Number(reply.getHeader('content-length'))) leaving.breakOff('file-changed');
      });
    }
    return reply.send(body instanceof Uint8Array ? asBuffer(body) : body);
  };
}

/** The same for a small part of a file, past the framework: Node gives head and body to the kernel in one call. */
export function deliverBytes(
  arrival: Arrival,
  response: ServerResponse,
  answer: Omit<Answer, 'body'>,
  part: PartBytes,
  { inFlight, stopping }: Pick<Delivering, 'inFlight' | 'stopping'>,
): void {
  const { status, headers } = answer;
  inFlight.begin(arrival, response, answer, part, { getHeader: (name) => headers[name] });
  if (response.destroyed) {
    part.release();
    return;
  }
  response.writeHead(status, stopping() ? { ...headers, connection: 'close' } : headers);
  response.end(part.bytes);
  // What the kernel has is not needed any more; else it waits for its client, or for its turn.
  if (response.socket?.writableLength === 0) part.release();
  else response.once('close', part.release);
}

/** The same for any other part, past Node's streams, too. */
export function deliverPart(
  arrival: Arrival,
  response: ServerResponse,
  answer: Omit<Answer, 'body'>,
  part: FilePart,
  { inFlight, stopping, sendfile }: Delivering & { readonly sendfile: Sendfile },
): void {
  const { status, headers } = answer;
  const body = new PartSender(sendfile, response.req.socket, part);
  const leaving = inFlight.begin(arrival, response, answer, body, {
    getHeader: (name) => headers[name],
  });
  if (response.destroyed) return;
  response.writeHead(status, stopping() ? { ...headers, connection: 'close' } : headers);
  body.follow(response, leaving.breakOff);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
