import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { type Ip4, parseIp4 } from '#shared/ip4.ts';
import type { DatagramHandler, UdpOptions, UdpSocket } from '#shared/udp/engine.ts';
import { openUdp } from '#shared/udp/open.ts';
import { until } from './until.ts';

export const loopback: Ip4 = parseIp4('127.0.0.1')!;

/** Sends every datagram back to where it came from, from the address it was sent to. */
export const echo: DatagramHandler = (bytes, { sourceAddress, sourcePort, localAddress }) => ({
  bytes,
  address: sourceAddress,
  port: sourcePort,
  sourceAddress: localAddress,
});

/** A socket of the engine on 127.0.0.1 that echoes; an error that nobody expects fails the test. */
export function open(options: Partial<UdpOptions> = {}): UdpSocket {
  const onError = (error: Error) => {
    throw error;
  };
  return openUdp({ address: loopback, port: 0, handle: echo, onError, ...options });
}

/** The other side, which knows nothing of our engine: Node's dgram. */
export async function peer() {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  const heard: { text: string; from: RemoteInfo }[] = [];
  socket.on('message', (message, from) => heard.push({ text: message.toString(), from }));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    heard,
    port: socket.address().port,
    send(data: string | Uint8Array, port: number, host = '127.0.0.1'): Promise<void> {
      return new Promise((resolve, reject) =>
        socket.send(data, port, host, (error) => (error === null ? resolve() : reject(error))),
      );
    },
    /** What was heard, once it is at least `count`. */
    async hears(count: number): Promise<string[]> {
      await until(`${count} datagrams`, () => heard.length >= count);
      return heard.map((one) => one.text);
    },
    [Symbol.dispose]: () => void socket.close(),
  };
}
