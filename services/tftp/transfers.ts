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

/** How long a finished peer is remembered, in milliseconds: its late ACKs are no stranger's. */
const rememberFor = 5000;

/** All transfers under way, by peer. */
export class Transfers {
  readonly #caps: Caps;
  readonly #entries = new Map<number, Entry & { readonly since: number }>();
  readonly #perClient = new Map<Ip4, number>();
  /** Until when a finished peer is remembered; the oldest comes first. */
  readonly #finished = new Map<number, number>();
  #sweeper: NodeJS.Timeout | undefined;
  #drained = () => {};

  constructor(caps: Caps) {
    this.#caps = caps;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(peer: Peer): Entry | undefined {
    return this.#entries.get(keyOf(peer));
  }

  /** Whether the peer's transfer has ended a moment ago. */
  hasJustFinished(peer: Peer): boolean {
    return this.#finished.has(keyOf(peer));
  }

  /** Whether there is room for one more with this client. */
  hasRoom({ address }: Peer): boolean {
    return this.size < this.#caps.total && (this.#perClient.get(address) ?? 0) < this.#caps.perClient;
  }

  add(entry: Entry): void {
    const { address } = entry.peer;
    this.#entries.set(keyOf(entry.peer), { ...entry, since: performance.now() });
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
    this.#finished.delete(key);
    this.#finished.set(key, performance.now() + rememberFor);
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

  readonly #sweep = (): void => {
    const now = performance.now();
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
