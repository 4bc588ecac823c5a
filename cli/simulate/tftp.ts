import { once } from 'node:events';
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

/** The last packet is said again after so long without an answer, in milliseconds, and so often. */
const repeatAfter = 1000;
const maxRepeats = 6;

/**
 * Reads one file, block by block.
 * @throws {StepError} with the server's ERROR, or when it falls silent
 */
export async function tftpRead({ server, file, localAddress, signal, onData }: TftpRead): Promise<void> {
  signal.throwIfAborted();
  const socket = new Connection({ address: server.host, port: server.port });
  socket.bind(0, localAddress);
  await once(socket, 'listening');

  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  let received = 0;
  let peer: number | undefined;
  let repeats = 0;

  /** What we have to say now: the request, or the acknowledgement of the last block. */
  const say = () => {
    const sent =
      received === 0 ? socket.sendRequest(Packet.OPCODE.RRQ, file) : socket.sendAck(received & 0xffff);
    return sent.catch(reject);
  };
  const timer = setInterval(() => {
    if (++repeats <= maxRepeats) void say();
    else reject(new StepError(`${server.host}:${server.port} is silent after block ${received} of ${file}`));
  }, repeatAfter);
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });

  socket.on('message', (datagram, from) => {
    // The first answer fixes the server's transfer port (RFC 1350 §4); in single-port mode it is the one that was asked.
    if (peer !== undefined && from.port !== peer) return;
    const packet = readPacket(datagram);
    if (packet?.opcode === Packet.OPCODE.ERROR) reject(refusal(packet));
    if (packet?.opcode !== Packet.OPCODE.DATA || packet.data === undefined) return;
    if (packet.block !== ((received + 1) & 0xffff)) return;
    if (peer === undefined) socket.setRemoteDescription(from);
    peer = from.port;
    received++;
    repeats = 0;
    timer.refresh();
    onData(packet.data);
    const sent = say();
    if (packet.data.length < blockSize) void sent.then(() => resolve());
  });

  try {
    void say();
    await done;
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', onAbort);
    socket.close();
  }
}

function refusal({ code, message = '' }: TftpPacket): StepError {
  return new StepError(`ERROR ${code} (${message})`, reasonIn(message));
}

function readPacket(datagram: Uint8Array): TftpPacket | undefined {
  try {
    return Packet.parse(datagram);
  } catch {
    return undefined;
  }
}
