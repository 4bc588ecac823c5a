import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A client that is scripted packet by packet; its bytes are made by hand, not by the server's codec. */
export class TftpClient implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #server: { host: string; port: number };
  readonly #inbox: { bytes: Buffer; port: number }[] = [];
  #wake = () => {};
  /** Where the server answers from; the listening port until it has answered. */
  serverPort: number;

  static async open(server: { host: string; port: number }, from = '127.0.0.1'): Promise<TftpClient> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
    socket.bind(0, from);
    await once(socket, 'listening');
    return new TftpClient(socket, server);
  }

  constructor(socket: Socket, server: { host: string; port: number }) {
    this.#socket = socket;
    this.#server = { host: server.host === '0.0.0.0' ? '127.0.0.1' : server.host, port: server.port };
    this.serverPort = server.port;
    socket.on('message', (bytes, { port }) => {
      this.#inbox.push({ bytes, port });
      this.#wake();
    });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Settles when the kernel has it. */
  sendRaw(bytes: Uint8Array, port = this.serverPort): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.send(bytes, port, this.#server.host, () => resolve());
    return promise;
  }

  request(file: string, options: readonly string[] = [], { mode = 'octet', op = 1 } = {}): Promise<void> {
    const texts = [file, mode, ...options].map((text) => `${text}\0`).join('');
    return this.sendRaw(Buffer.concat([Buffer.from([0, op]), Buffer.from(texts)]), this.#server.port);
  }

  ack(block: number): Promise<void> {
    return this.sendRaw(Buffer.from([0, 4, (block >> 8) & 255, block & 255]));
  }

  error(code: number, message = ''): Promise<void> {
    return this.sendRaw(Buffer.concat([Buffer.from([0, 5, 0, code]), Buffer.from(`${message}\0`)]));
  }

  /** The next packet, as a word: `OACK blksize=512`, `DATA 1`, `ERROR 1`. Fails when none comes in time. */
  async next(within = 3000): Promise<Received> {
    const received = await this.maybeNext(within);
    if (received === undefined) throw new Error(`no packet within ${within} ms`);
    return received;
  }

  async maybeNext(within: number): Promise<Received | undefined> {
    const until = performance.now() + within;
    while (this.#inbox.length === 0) {
      const left = until - performance.now();
      if (left <= 0) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, left);
      await promise;
      clearTimeout(timer);
    }
    const { bytes, port } = this.#inbox.shift()!;
    this.serverPort = port;
    return read(bytes);
  }

  /** Says goodbye, so that the server waits for nobody. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.error(0, 'goodbye');
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}

export interface Received {
  readonly said: string;
  readonly block: number;
  readonly data: Buffer;
}

function read(bytes: Buffer): Received {
  const number = bytes.length >= 4 ? bytes.readUInt16BE(2) : -1;
  switch (bytes.readUInt16BE(0)) {
    case 3:
      return { said: `DATA ${number}`, block: number, data: bytes.subarray(4) };
    case 5:
      return { said: `ERROR ${number}`, block: number, data: bytes.subarray(4) };
    case 6: {
      const texts = bytes.subarray(2, -1).toString().split('\0');
      const pairs = texts.flatMap((text, at) => (at % 2 === 0 ? [`${text}=${texts[at + 1]}`] : []));
      return { said: ['OACK', ...pairs].join(' '), block: 0, data: bytes };
    }
    default:
      throw new Error(`the server sent an opcode ${bytes.readUInt16BE(0)}`);
  }
}

/** Whether a packet of a scripted network is lost: asked with a running number. */
export type Loss = (packet: number) => boolean;

/** Loses one packet of `n`, without a pattern, and the same ones every time. */
export function oneOf(n: number, seed = 0): Loss {
  return (packet) => (Math.imul(packet + seed * 7919 + 1, 2_654_435_761) >>> 8) % n === 0;
}

/**
 * Fetches a file as a careful client does, over a network that loses what `lost` says, in both directions: acknowledges each
 * window, repeats its last ACK when nothing comes for `patience` ms.
 */
export async function fetch(
  client: TftpClient,
  file: string,
  {
    blksize = 512,
    windowsize = 1,
    lost = () => false,
    patience = 300,
    mode = 'octet',
  }: { blksize?: number; windowsize?: number; lost?: Loss; patience?: number; mode?: string } = {},
): Promise<Buffer> {
  const options = [
    ...(blksize === 512 ? [] : ['blksize', String(blksize)]),
    ...(windowsize === 1 ? [] : ['windowsize', String(windowsize)]),
  ];
  let packet = 0;
  const through = (send: () => Promise<void>) => {
    if (!lost(packet++)) void send();
  };
  const blocks: Buffer[] = [];
  let blockSize = 512;
  let window = 1;
  let sinceAck = 0;
  let speak = (): Promise<void> => client.request(file, options, { mode });
  through(speak);
  for (let silent = 0; silent < 40; ) {
    const received = await client.maybeNext(patience);
    if (received === undefined) {
      silent++;
      through(speak);
      continue;
    }
    if (lost(packet++)) continue;
    silent = 0;
    if (received.said.startsWith('ERROR')) throw new Error(`${received.said}: ${received.data.toString()}`);
    if (received.said.startsWith('OACK')) {
      if (blocks.length > 0) continue;
      blockSize = Number(/blksize=(\d+)/.exec(received.said)?.[1] ?? 512);
      window = Number(/windowsize=(\d+)/.exec(received.said)?.[1] ?? 1);
      speak = () => client.ack(0);
      through(speak);
      continue;
    }
    const expected = (blocks.length + 1) % 0x1_0000;
    const inOrder = received.block === expected;
    if (inOrder) {
      blocks.push(received.data);
      sinceAck++;
    }
    const last = inOrder && received.data.length < blockSize;
    if (last || !inOrder || sinceAck >= window) {
      sinceAck = 0;
      const block = blocks.length;
      speak = () => client.ack(block);
      if (last) {
        await client.ack(block);
        return Buffer.concat(blocks);
      }
      through(speak);
    }
  }
  throw new Error(`the server fell silent after block ${blocks.length}`);
}
