import type { Ip4 } from '#shared/ip4.ts';
import type { UdpSocket } from '#shared/udp/engine.ts';
import { openUdp } from '#shared/udp/open.ts';
import type { TftpHandler } from './handler.ts';
import type { Origin, Way } from './read-requests.ts';

/** Buffers of a socket that serves one transfer: what comes to it is few and small. */
const ownBuffers = { batch: 8, maxDatagram: 1024, receiveBuffer: 64 * 1024, joins: true } as const;

interface ListenOptions {
  readonly address: Ip4;
  readonly port: number;
  /** Transfers leave by this port, too; else each gets its own, as RFC 1350 §4 has it. */
  readonly singlePort: boolean;
  readonly onError: (error: Error) => void;
}

/** Opens a port for requests. @throws {SmeeError} when it cannot be had */
export function listen(handler: TftpHandler, options: ListenOptions): UdpSocket {
  const { address, port, singlePort, onError } = options;
  const shared: Way = { send: (datagram) => socket.send(datagram), close() {} };
  const open = (origin: Origin) => (singlePort ? shared : ownWay(handler, origin, onError));
  const socket: UdpSocket = openUdp({
    address,
    port,
    joins: true,
    awake: true,
    handle: (datagram, info) => handler.receive(datagram, info, open),
    onError,
  });
  return socket;
}

function ownWay(handler: TftpHandler, origin: Origin, onError: (error: Error) => void): Way {
  const socket = openUdp({
    ...ownBuffers,
    address: origin.localAddress,
    port: 0,
    handle: (datagram, info) => handler.receiveOwn(datagram, info, origin),
    onError,
  });
  return { send: (datagram) => socket.send(datagram), close: () => void socket.close() };
}
