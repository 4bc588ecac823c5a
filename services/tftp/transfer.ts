import type { Refused } from '#shared/assets/open.ts';
import type { Reason } from '#shared/boot/reasons.ts';
import type { Terms } from './decide/negotiate.ts';
import { refusal } from './decide/refuse.ts';
import { begin, type Event, echoAfter, type Step, step, type Transfer, waitFor } from './decide/transfer.ts';
import type { Source } from './source.ts';
import { blockNumbers } from './wire/codes.ts';
import { dataHeader, encode, type Packet } from './wire/packet.ts';

/** What a transfer did, for the log and the metrics. */
export interface Outcome {
  readonly why: Reason;
  /** Bytes of the file sent, repeated ones included. */
  readonly bytes: number;
  readonly retransmits: number;
  readonly terms: Terms | undefined;
  /** Of the file, in bytes; undefined when it was not opened. */
  readonly size: number | undefined;
}

/** How a transfer reaches the world. */
export interface Outlet {
  /** One datagram: `bytes`, and behind them `body`. Both are copied before this returns. */
  send(bytes: Uint8Array, body?: Uint8Array): void;
  /** Milliseconds, rising. */
  now(): number;
  /** Called once. */
  ended(outcome: Outcome): void;
}

/** Reasons that the client is told when they end a transfer that had begun; a refused request is always told. */
const told: readonly Reason[] = ['shutting-down', 'file-changed', 'file-unreadable'];

const nothing = new Uint8Array();

/**
 * One transfer under way: it drives the protocol of decide/transfer.ts, reads the source and sends the blocks. Until `start` it
 * is a place held for a request whose file is being opened.
 */
export class RunningTransfer {
  /** When the protocol wants to hear of a timeout; the one timer of all transfers looks here. */
  due = Number.POSITIVE_INFINITY;

  readonly #outlet: Outlet;
  #source: Source | undefined;
  #at: Transfer | undefined;
  #bytes = 0;
  #retransmits = 0;
  /** When it was sent what is waited for, and how long the last answer took. */
  #sentAt = 0;
  #echo = 0;
  /** Counts what was asked to be sent; a slower read for an older wish is dropped. */
  #wish = 0;
  #ended = false;

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  /** Whether its file is being opened, nothing has come from the client yet, or something has. */
  get stage(): 'opening' | 'unanswered' | 'answered' {
    if (this.#at === undefined) return 'opening';
    return this.#at.proven ? 'answered' : 'unanswered';
  }

  /** What it would have done, if it ended well now. */
  get soFar(): Outcome {
    return {
      why: 'ok',
      bytes: this.#bytes,
      retransmits: this.#retransmits,
      terms: this.#at?.terms,
      size: this.#source?.size,
    };
  }

  /** The file is open and the terms are settled. The source is this transfer's from now on. */
  start(source: Source, terms: Terms): void {
    if (this.#ended) {
      void source.close();
      return;
    }
    this.#source = source;
    this.#carryOut(begin(terms, source.size));
  }

  /** @returns true when the client has begun anew and this transfer should give way */
  take(event: Event): boolean {
    if (this.#at === undefined || this.#ended) return false;
    const next = step(this.#at, event);
    if (next.kind === 'restart') return true;
    if (event.kind === 'ack' && next.kind === 'send')
      this.#echo = echoAfter(this.#at, this.#echo, this.#outlet.now() - this.#sentAt);
    this.#carryOut(next);
    return false;
  }

  /** Ends it; the client is told why where that is of use to it. Safe to call twice. */
  end(why: Reason): void {
    if (this.#ended) return;
    this.#ended = true;
    this.due = Number.POSITIVE_INFINITY;
    const refused = this.#at === undefined && why !== 'aborted';
    if (refused || told.includes(why)) this.#send(refusal(why));
    void this.#source?.close();
    this.#outlet.ended({ ...this.soFar, why });
  }

  #carryOut(next: Step): void {
    if (next.kind === 'end') this.end(next.why);
    if (next.kind !== 'send') return;
    this.#at = next.at;
    this.#retransmits += next.again;
    this.#sentAt = this.#outlet.now();
    this.due = this.#sentAt + waitFor(next.at, this.#echo);
    this.#sendBlocks(next.first, next.last, ++this.#wish);
  }

  /** What is in memory leaves with the batch that asked for it; only a file makes us wait. */
  #sendBlocks(first: number, last: number, wish: number): void {
    for (let block = first; block <= last; block++) {
      const data = this.#read(block);
      if (data instanceof Promise) {
        this.#sendLater(data, block, last, wish).catch(() => this.end('file-unreadable'));
        return;
      }
      this.#sendBlock(block, data);
    }
  }

  async #sendLater(
    read: Promise<Uint8Array | Refused>,
    block: number,
    last: number,
    wish: number,
  ): Promise<void> {
    const data = await read;
    if (this.#ended || wish !== this.#wish) return;
    if ('why' in data) return this.end(data.why);
    this.#sendBlock(block, data);
    this.#sendBlocks(block + 1, last, wish);
  }

  #sendBlock(block: number, data: Uint8Array): void {
    this.#bytes += data.length;
    if (block === 0) this.#send({ op: 'OACK', options: this.#at?.terms.accepted ?? [] });
    else this.#outlet.send(dataHeader(block % blockNumbers), data);
  }

  #read(block: number): Uint8Array | Promise<Uint8Array | Refused> {
    if (block === 0 || this.#source === undefined || this.#at === undefined) return nothing;
    const { blockSize } = this.#at.terms;
    return this.#source.read((block - 1) * blockSize, blockSize);
  }

  #send(packet: Packet): void {
    this.#outlet.send(encode(packet));
  }
}
