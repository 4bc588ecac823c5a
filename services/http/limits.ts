import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

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
  connections: 10_000,
  /** For answers in flight once we stop; the process itself ends a second later. */
  drain: 9000,
} as const;

/**
 * A server with these limits. Firmware that leaves out Host (HTTP/1.0 habits) is served all the same, on purpose against
 * RFC 9112 §3.2.
 *
 * @param share of the connections, when several servers make up one service
 */
export function limitedServer(listener: RequestListener, share = 1): Server {
  const server = createServer(
    {
      maxHeaderSize: limits.headers,
      headersTimeout: limits.request,
      requestTimeout: limits.request,
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: limits.keepAlive,
      requireHostHeader: false,
      noDelay: true,
    },
    listener,
  );
  server.setTimeout(limits.idle);
  server.maxConnections = Math.max(1, Math.floor(limits.connections * share));
  return server;
}

/** The connections on which nothing has been asked yet: a stop need not wait for them, and Node does not count them as idle. */
export function silentConnections(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  return silent;
}
