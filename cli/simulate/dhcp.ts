import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import options from 'dhcp/lib/options.js';
import protocol, { type DhcpMessage } from 'dhcp/lib/protocol.js';
import type { HostPort } from '#shared/config.ts';
import { StepError } from './failure.ts';

/**
 * A DHCP client on the codec of npm `dhcp`, so that our own codec is never tested with itself. Only `lib/protocol.js` is
 * of use: the package's client has port 67 fixed and one state. docs/decisions/0003-independent-client-codecs.md has the
 * facts.
 */
export const DISCOVER = 1;
export const OFFER = 2;
export const REQUEST = 3;
export const ACK = 5;
export const NAK = 6;
export const RELEASE = 7;

// An option that the package doesn't know makes it throw (sending) or print (receiving); 121 it knows as a list of
// addresses, which a destination of 1 to 3 significant bytes is not, and would lose its place.
for (let code = 1; code < 255; code++) {
  if (!(code in options.opts) || code === 121)
    options.addOption(code, { name: `option ${code}`, type: 'UInt8s' });
}
options.addOption(77, { name: 'User Class', type: 'ASCII' });
options.addOption(93, { name: 'Client System Architecture', type: 'UInt16s' });

/** Waits before each repetition, in milliseconds: quicker than firmware's 4 s, as nobody waits for a spanning tree here. */
const repeatAfter = [250, 500, 1000, 2000, 4000];

/** What a client says: everything else in the packet is the same for all. */
export interface Say {
  readonly type: number;
  readonly ciaddr?: string;
  /** Answers shall be broadcast; absent: not. */
  readonly broadcast?: boolean;
  readonly options: Readonly<Record<number, unknown>>;
}

export interface DhcpClientOptions {
  readonly server: HostPort;
  /** Where to send from; the host's own choice when absent. */
  readonly localAddress: string | undefined;
  /** Colons, lower case. */
  readonly mac: string;
  readonly signal: AbortSignal;
}

export class DhcpClient implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #options: DhcpClientOptions;

  private constructor(socket: Socket, options: DhcpClientOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  static async open(options: DhcpClientOptions): Promise<DhcpClient> {
    const socket = createSocket('udp4');
    socket.bind(0, options.localAddress);
    await once(socket, 'listening');
    return new DhcpClient(socket, options);
  }

  /** Says it once and expects nothing (RELEASE). */
  async tell(say: Say): Promise<void> {
    await this.#send(formatMessage(say, newXid(), this.#options.mac));
  }

  /**
   * Says it, again and again, until an answer of one of the wanted types comes; answers to others are passed over.
   * @throws {StepError} when nobody answers
   */
  async ask(say: Say, wanted: readonly number[]): Promise<DhcpMessage> {
    const xid = newXid();
    const bytes = formatMessage(say, xid, this.#options.mac);
    const { signal, server } = this.#options;
    const { promise: answer, resolve } = Promise.withResolvers<DhcpMessage>();
    const onMessage = (datagram: Uint8Array) => {
      const reply = parseReply(datagram, xid);
      if (reply !== undefined && wanted.includes(typeOf(reply))) resolve(reply);
    };
    this.#socket.on('message', onMessage);
    try {
      for (const wait of repeatAfter) {
        await this.#send(bytes);
        const reply = await Promise.race([answer, delay(wait, undefined, { signal, ref: false })]);
        if (reply !== undefined) return reply;
      }
    } finally {
      this.#socket.off('message', onMessage);
    }
    throw new StepError(`no answer from ${server.host}:${server.port} to ${repeatAfter.length} packets`);
  }

  #send(bytes: Uint8Array): Promise<void> {
    const { host, port } = this.#options.server;
    return new Promise((resolve, reject) => {
      this.#socket.send(bytes, port, host, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}

/** Option 53 of a reply. */
export function typeOf(message: DhcpMessage): number {
  const type = message.options[53];
  return typeof type === 'number' ? type : 0;
}

/** An option as text; empty when it is absent. */
export function textOption(message: DhcpMessage, code: number): string {
  const value = message.options[code];
  return typeof value === 'string' ? value : '';
}

export function newXid(): number {
  return Math.floor(Math.random() * 0x1_0000_0000);
}

/** The bytes of a packet to a server. */
export function formatMessage(say: Say, xid: number, mac: string): Uint8Array {
  const { _data, _w } = protocol.format({
    op: 1,
    htype: 1,
    hlen: 6,
    hops: 0,
    xid,
    secs: 0,
    flags: say.broadcast === true ? 0x8000 : 0,
    ciaddr: say.ciaddr ?? '0.0.0.0',
    yiaddr: '0.0.0.0',
    siaddr: '0.0.0.0',
    giaddr: '0.0.0.0',
    chaddr: mac,
    sname: '',
    file: '',
    options: { ...say.options, 53: say.type },
  });
  // BOOTP's minimum of 300 bytes (RFC 1542 §2.1); the buffer's rest is zeros.
  return _data.subarray(0, Math.max(300, _w));
}

/** A reply to this transaction, or undefined when it is somebody else's or cannot be read. */
export function parseReply(datagram: Uint8Array, xid: number): DhcpMessage | undefined {
  try {
    const message = protocol.parse(datagram);
    return message.op === 2 && message.xid === xid ? message : undefined;
  } catch {
    return undefined;
  }
}
