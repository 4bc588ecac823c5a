import type { Reason } from '#shared/boot/reasons.ts';
import type { Ip4 } from '#shared/ip4.ts';
import type { RunningTransfer } from './transfer.ts';

/** A client's transfer id: its address and port (RFC 1350 §4). */
export interface Peer {
  readonly address: Ip4;
  readonly port: number;
}

export interface Caps {
  /** Transfers at a time, in total and with one address. */
  readonly total: number;
  readonly perClient: number;
}

/** One transfer of the table. */
export interface Entry {
  readonly peer: Peer;
  /** The request as it came, to know it again. */
  readonly request: Uint8Array;
  readonly transfer: RunningTransfer;
}

/** How often the timers of all transfers are looked at, in milliseconds. One timer for all: ten thousand cost nothing. */
const sweepEvery = 50;

/** A transfer that lasts longer holds its place for nobody, however lively its client. Milliseconds. */
const longestTransfer = 3_600_000;

/** In a full table, a transfer that is silent for so long may give way to a new one, in milliseconds. */
const silentFor = 1000;

/** How long a finished peer is remembered, in milliseconds: its late ACKs are no stranger's. */
const rememberFor = 5000;

interface Kept extends Entry {
  readonly since: number;
  heard: number;
}

/** All transfers under way, by peer. */
export class Transfers {
  readonly #caps: Caps;
  readonly #now: () => number;
  /** By when they were heard: the one that has been silent for longest comes first. */
  readonly #entries = new Map<number, Kept>();
  readonly #perClient = new Map<Ip4, number>();
  /** Until when a finished peer is remembered; the oldest comes first. */
  readonly #finished = new Map<number, number>();
  #sweeper: NodeJS.Timeout | undefined;
  #drained = () => {};

  /** @param now milliseconds, rising */
  constructor(caps: Caps, now: () => number = () => performance.now()) {
    this.#caps = caps;
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(peer: Peer): Entry | undefined {
    return this.#entries.get(keyOf(peer));
  }

  /** The transfer of a peer from which a packet has come. */
  hear(peer: Peer): Entry | undefined {
    const key = keyOf(peer);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    entry.heard = this.#now();
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  /** Whether the peer's transfer has ended a moment ago. */
  hasJustFinished(peer: Peer): boolean {
    return this.#finished.has(keyOf(peer));
  }

  /** Whether there is room for one more with this client. */
  hasRoom({ address }: Peer): boolean {
    return this.size < this.#caps.total && (this.#perClient.get(address) ?? 0) < this.#caps.perClient;
  }

  /**
   * The same; but in a full table the one that has been silent for longest gives way, when it has never answered or not for a
   * while. So forged requests, each of which holds its place for seconds, keep nobody out.
   */
  makeRoom(peer: Peer): boolean {
    const [first] = this.size < this.#caps.total ? [] : this.#entries.values();
    if (first !== undefined && this.#mayGiveWay(first)) first.transfer.end('too-many-transfers');
    return this.hasRoom(peer);
  }

  add(entry: Entry): void {
    const { address } = entry.peer;
    const now = this.#now();
    this.#entries.set(keyOf(entry.peer), { ...entry, since: now, heard: now });
    this.#perClient.set(address, (this.#perClient.get(address) ?? 0) + 1);
    this.#sweeper ??= setInterval(this.#sweep, sweepEvery);
  }

  /** To be called when the peer's transfer has ended. */
  delete(peer: Peer): void {
    const key = keyOf(peer);
    if (!this.#entries.delete(key)) return;
    const others = (this.#perClient.get(peer.address) ?? 1) - 1;
    if (others > 0) this.#perClient.set(peer.address, others);
    else this.#perClient.delete(peer.address);
    this.#remember(key);
    if (this.size === 0) this.#drained();
  }

  /** Waits until all have ended, at most so long (milliseconds); then ends the rest. */
  async drain(within: number, why: Reason): Promise<void> {
    if (this.size > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#drained = resolve;
      const timer = setTimeout(resolve, within);
      await promise;
      clearTimeout(timer);
    }
    for (const { transfer } of [...this.#entries.values()]) transfer.end(why);
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
    this.#finished.clear();
  }

  #mayGiveWay({ transfer, heard }: Kept): boolean {
    // While its file is being opened it is work in hand, and there must be an end of that, too.
    if (transfer.stage === 'opening') return false;
    return transfer.stage === 'unanswered' || this.#now() - heard >= silentFor;
  }

  #remember(key: number): void {
    const [oldest] = this.#finished.size < this.#caps.total ? [] : this.#finished.keys();
    if (oldest !== undefined) this.#finished.delete(oldest);
    this.#finished.delete(key);
    this.#finished.set(key, this.#now() + rememberFor);
  }

  readonly #sweep = (): void => {
    const now = this.#now();
    for (const { transfer, since } of this.#entries.values()) {
      if (now - since > longestTransfer) transfer.end('timed-out');
      else if (transfer.due <= now) transfer.take({ kind: 'timeout' });
    }
    for (const [key, until] of this.#finished) {
      if (until > now) break;
      this.#finished.delete(key);
    }
    if (this.size > 0 || this.#finished.size > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  };
}

/** An exact number: 48 bits. */
function keyOf({ address, port }: Peer): number {
  return address * 0x1_0000 + port;
}
