import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Refused } from './connections.ts';
import type { TlsIdentities } from './tls.ts';

/** What a stranger may cost us. Times in milliseconds, sizes in bytes. */
export const limits = {
  /** Request line and headers together. */
  headers: 16_384,
  /** The request target alone; the longest that firmware sends are a few hundred bytes. */
  target: 4096,
  /** From a connection's first byte to the end of its headers. */
  request: 15_000,
  /** Between two requests on one connection: iPXE loads the initrd right after the kernel. */
  keepAlive: 30_000,
  /** Without a byte in either direction, also while a machine does not take what it asked for. */
  idle: 120_000,
  /** In this time a client takes at least one piece of a file (64 KiB): about a kilobyte a second. Else it holds the file for nobody. */
  pace: 60_000,
  connections: 10_000,
  /** Connections that wait to be taken, each for a second or more when there is no room; the kernel may allow fewer (net.core.somaxconn). */
  backlog: 4096,
  /** Requests on one connection that are answered at a time: each holds a file open. Boot clients send one after the other. */
  pipelined: 8,
  /** For answers in flight once we stop; then a second each is left for the last spans and the last events. */
  drain: 7500,
  /** And for calls that still send when their connections are gone. */
  lastLines: 500,
} as const;

/**
 * A server with these limits. Firmware that leaves out Host (HTTP/1.0 habits) is served all the same, on purpose against
 * RFC 9112 §3.2.
 *
 * @param share of the connections, when several servers make up one service
 * @param refused is told about connections that are closed for asking too much at once
 * @param tls makes it an HTTPS server
 */
export function limitedServer(
  listener: RequestListener,
  share = 1,
  refused: Refused = () => {},
  tls?: TlsIdentities,
): Server {
  const options = {
    maxHeaderSize: limits.headers,
    headersTimeout: limits.request,
    requestTimeout: limits.request,
    connectionsCheckingInterval: 1000,
    keepAliveTimeout: limits.keepAlive,
    requireHostHeader: false,
    noDelay: true,
  };
  const limited = withoutLongPipelines(listener, refused);
  const server =
    tls === undefined
      ? createServer(options, limited)
      : createSecureServer({ ...options, ...tls, handshakeTimeout: limits.request }, limited);
  server.setTimeout(limits.idle);
  server.maxConnections = Math.max(1, Math.floor(limits.connections * share));
  return server;
}

/**
 * Node takes every request of a pipeline at once (RFC 9112 §9.3.2) and answers them one after the other. Without this limit a
 * few kilobytes of requests open thousands of files.
 */
function withoutLongPipelines(listener: RequestListener, refused: Refused): RequestListener {
  const underWay = new WeakMap<Socket, number>();
  const add = (socket: Socket, more: number) => {
    const requests = (underWay.get(socket) ?? 0) + more;
    underWay.set(socket, requests);
    return requests;
  };
  return (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    if (add(socket, 1) > limits.pipelined) {
      refused('too-many-requests', socket);
      socket.destroy();
      return;
    }
    response.once('close', () => add(socket, -1));
    listener(request, response);
  };
}

/** The connections on which nothing has been asked yet: a stop need not wait for them, and Node does not count them as idle. */
export function silentConnections(server: Server): ReadonlyMap<string, Socket> {
  const silent = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    silent.set(peer, socket);
    socket.once('close', () => silent.delete(peer));
  });
  server.on('request', ({ socket }) => silent.delete(peerOf(socket)));
  return silent;
}

/** The same for a connection and for the TLS on it, which are two sockets to Node. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
