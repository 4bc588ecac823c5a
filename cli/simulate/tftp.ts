import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import Connection from 'tftp2/connection.js';
import Packet, { type TftpPacket } from 'tftp2/packet.js';
import type { HostPort } from '#shared/config.ts';
import { reasonIn, StepError } from './failure.ts';

/**
 * A TFTP read on the socket and the codec of npm `tftp2`, so that our own codec is never tested with itself. The package's
 * own `read` is not used: it cannot send from an address of its own, hangs on ERROR and on a lost packet, and ends at
 * block 65535. docs/decisions/0003-independent-client-codecs.md has the facts.
 */
export interface TftpRead {
  readonly server: HostPort;
  readonly file: string;
  /** Where to send from; the host's own choice when absent. */
  readonly localAddress: string | undefined;
  readonly signal: AbortSignal;
  /** Called with each block, in order. */
  readonly onData: (data: Uint8Array) => void;
}

/** RFC 1350's block size: the package knows no options. */
const blockSize = 512;

/** The last packet is said again after these times without an answer, in milliseconds. */
const repeatAfter = [1000, 2000, 4000];

/**
 * Reads one file, block by block.
 * @throws {StepError} with the server's ERROR, or when it falls silent
 */
export async function tftpRead({ server, file, localAddress, signal, onData }: TftpRead): Promise<void> {
  await using connection = await connect(server, localAddress);
  const { socket, next } = connection;
  let say = () => socket.sendRequest(Packet.OPCODE.RRQ, file);
  for (let wanted = 1; ; wanted++) {
    const data = await block(wanted & 0xffff);
    onData(data);
    const got = wanted & 0xffff;
    say = () => socket.sendAck(got);
    if (data.length === blockSize) continue;
    await say();
    return;
  }

  async function block(number: number): Promise<Uint8Array> {
    for (const wait of repeatAfter) {
      await say();
      const data = await next(number, wait, signal);
      if (data !== undefined) return data;
    }
    const what = number === 1 ? `no answer for ${file}` : `silence before block ${number} of ${file}`;
    throw new StepError(`${what} from ${server.host}:${server.port}`);
  }
}

interface Connected extends AsyncDisposable {
  readonly socket: Connection;
  /** The data of that block; undefined when it doesn't come in time. */
  next(block: number, wait: number, signal: AbortSignal): Promise<Uint8Array | undefined>;
}

async function connect(server: HostPort, localAddress: string | undefined): Promise<Connected> {
  const socket = new Connection({ address: server.host, port: server.port });
  socket.bind(0, localAddress);
  await once(socket, 'listening');
  let onPacket: ((packet: TftpPacket) => boolean) | undefined;
  let peer: number | undefined;

  socket.on('message', (datagram, from) => {
    // The first answer fixes the server's transfer port (RFC 1350 §4); in single-port mode it is the one that was asked.
    if (peer !== undefined && from.port !== peer) return;
    const packet = readPacket(datagram);
    if (packet === undefined || onPacket?.(packet) !== true) return;
    peer = from.port;
    socket.setRemoteDescription(from);
  });

  return {
    socket,
    async next(block, wait, signal) {
      const { promise: arrived, resolve, reject } = Promise.withResolvers<Uint8Array>();
      onPacket = ({ opcode, block: number, data, code, message }) => {
        if (opcode === Packet.OPCODE.ERROR) {
          const said = message ?? '';
          reject(new StepError(`ERROR ${code} (${said})`, reasonIn(said)));
        } else if (opcode === Packet.OPCODE.DATA && number === block && data !== undefined) {
          resolve(data);
        } else return false;
        return true;
      };
      try {
        return await Promise.race([arrived, delay(wait, undefined, { signal, ref: false })]);
      } finally {
        onPacket = undefined;
      }
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function readPacket(datagram: Uint8Array): TftpPacket | undefined {
  try {
    return Packet.parse(datagram);
  } catch {
    return undefined;
  }
}
