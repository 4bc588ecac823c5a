import type { Server } from 'node:http';
import { BlockList, isIP, type Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { Reason } from '#shared/boot/reasons.ts';
import { bareAnswer } from './wire/bare-answer.ts';

/** What is told about a connection that was refused: its address may be gone already. */
export type Refused = (why: Reason, from: Pick<Socket, 'remoteAddress' | 'remotePort'>) => void;

/**
 * How many connections each client holds, over all servers of the service: one that takes them all would leave none for the
 * others. Trusted proxies are no clients. What is too much gets a 503 at once, without waiting for its request: iPXE tries again
 * by itself. Over TLS nothing can be said that early: the connection ends.
 */
export class Connections {
  readonly #perClient: number;
  readonly #trusted: BlockList;
  readonly #refused: Refused;
  readonly #held = new Map<string, number>();

  /** @param trusted CIDRs and addresses */
  constructor(perClient: number, trusted: readonly string[], refused: Refused) {
    this.#perClient = perClient;
    this.#trusted = networks(trusted);
    this.#refused = refused;
  }

  /** How many clients hold a connection. */
  get clients(): number {
    return this.#held.size;
  }

  watch(server: Server): void {
    const answer =
      server instanceof TlsServer ? '' : bareAnswer('503 Service Unavailable', 'too-many-connections');
    server.on('connection', (socket: Socket) => this.#take(socket, answer));
    // Above the limit of the whole server Node closes at once, before there is a socket.
    server.on('drop', (from = {}) => this.#refused('too-many-connections', from));
  }

  #take(socket: Socket, answer: string): void {
    const { remoteAddress: client } = socket;
    if (client === undefined || this.#trusted.check(client, familyOf(client))) return;
    const held = this.#held.get(client) ?? 0;
    if (held >= this.#perClient) {
      this.#refused('too-many-connections', socket);
      socket.end(answer);
      socket.destroySoon();
      return;
    }
    this.#held.set(client, held + 1);
    socket.once('close', () => this.#release(client));
  }

  #release(client: string): void {
    const others = (this.#held.get(client) ?? 1) - 1;
    if (others > 0) this.#held.set(client, others);
    else this.#held.delete(client);
  }
}

function networks(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', prefix] = text.split('/');
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
