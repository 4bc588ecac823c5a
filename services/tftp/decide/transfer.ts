import type { Reason } from '#shared/boot/reasons.ts';
import { blockNumbers, errorCodes } from '../wire/codes.ts';
import type { Terms } from './negotiate.ts';

/**
 * One read transfer as this side sees it. Blocks are counted from 1 without end; only on the wire do they roll over. Block 0
 * stands for the OACK, which the client acknowledges as block 0.
 */
export interface Transfer {
  readonly terms: Terms;
  /** The last block: shorter than the others, perhaps empty. */
  readonly lastBlock: number;
  /** The highest block that the client has, with all before it; -1 while the OACK is on its way. */
  readonly acked: number;
  /** The highest block that was sent. */
  readonly sent: number;
  /**
   * An ACK has come, so most likely there is a client. A forger of addresses can send one blindly to the port that everybody knows;
   * a port per transfer (`tftp-single-port` off) it would have to guess.
   */
  readonly proven: boolean;
  /** How often what follows `acked` has been sent for want of an answer. */
  readonly tries: number;
  /** What follows `acked` has been sent again because an ACK asked for it: once is enough. */
  readonly rewound: boolean;
}

export type Event =
  /** `block` as on the wire, 0 to 65535. */
  | { readonly kind: 'ack'; readonly block: number }
  | { readonly kind: 'error'; readonly code: number }
  /** Nothing came for `waitFor(at)`. */
  | { readonly kind: 'timeout' }
  /** The client has sent the same request again. */
  | { readonly kind: 'request' };

export type Step = Send | Ignore | Restart | End;

/** Send the blocks `first` to `last`, then wait for `waitFor(at)`. */
export interface Send {
  readonly kind: 'send';
  readonly at: Transfer;
  readonly first: number;
  readonly last: number;
  /** How many of them were sent before. */
  readonly again: number;
}
interface Ignore {
  readonly kind: 'ignore';
}
/** The client has begun anew: forget this transfer, take its request for a new one. */
interface Restart {
  readonly kind: 'restart';
}
interface End {
  readonly kind: 'end';
  readonly why: Reason;
}

/**
 * Until the first ACK the source address may be forged and somebody else may get what we send. So the first answer is one
 * packet, and it is sent so many times at most.
 */
const unprovenTries = 4;

/** After so many unanswered tries the client is gone: 27.5 seconds with the default timeout. */
const provenTries = 8;

const ignore: Ignore = { kind: 'ignore' };

/** Begins with the OACK when options were accepted (RFC 2347), else with block 1 (RFC 1350 §4). `size` in bytes. */
export function begin(terms: Terms, size: number): Send {
  const first = terms.accepted.length > 0 ? 0 : 1;
  const at: Transfer = {
    terms,
    lastBlock: Math.floor(size / terms.blockSize) + 1,
    acked: first - 1,
    sent: first,
    proven: false,
    tries: 1,
    rewound: false,
  };
  return { kind: 'send', at, first, last: first, again: 0 };
}

/** The whole protocol: what one event does to a transfer. Total. */
export function step(at: Transfer, event: Event): Step {
  switch (event.kind) {
    case 'ack':
      return acknowledged(at, event.block);
    case 'timeout':
      return mayTry(at) ? sendAgain({ ...at, tries: at.tries + 1 }) : { kind: 'end', why: 'timed-out' };
    case 'request':
      return requestedAgain(at);
    case 'error':
      // EDK2 asks for tsize, and having the OACK it ends with ERROR 8: it only wanted the size.
      return {
        kind: 'end',
        why: at.acked === -1 && event.code === errorCodes.optionRefused ? 'size-probe' : 'aborted',
      };
  }
}

/** So many times the last way there and back are waited for at least. */
const patience = 3;

/**
 * How long to wait for an answer to what was sent, in milliseconds: doubling from try to try. While ten thousand ask at once, each
 * answer takes its time: who then sends again what is only late makes all of them later.
 * @param echo how long the last answer took, in milliseconds; 0 before there was one
 */
export function waitFor({ terms, tries, proven }: Transfer, echo = 0): number {
  if (proven && terms.askedWait !== undefined) return terms.askedWait;
  return Math.min(Math.max(terms.firstWait * 2 ** (tries - 1), echo * patience), terms.longestWait);
}

/**
 * The echo after an answer. Nobody knows which of several tries it answers; so the next block is waited for as long as the last
 * try was (Karn's algorithm): else answers that always take longer than the first wait would never be measured.
 * @param at before the answer @param echo before it @param took milliseconds since the last try
 */
export function echoAfter(at: Transfer, echo: number, took: number): number {
  return at.tries === 1 ? took : waitFor(at, echo) / patience;
}

function acknowledged(at: Transfer, block: number): Step {
  // How far the ACK is ahead of what the client already had, on a ring of 65536 numbers (windows are far shorter).
  const ahead = (((block - at.acked) % blockNumbers) + blockNumbers) % blockNumbers;
  if (ahead > at.sent - at.acked) return ignore; // stale, or of a block that was never sent
  if (ahead === 0) return duplicate(at);

  const acked = at.acked + ahead;
  if (acked === at.lastBlock) return { kind: 'end', why: 'ok' };
  // RFC 7440 §4: an ACK from inside the window means that what follows was lost; the next window begins there.
  const first = acked + 1;
  const last = Math.min(acked + at.terms.windowSize, at.lastBlock);
  const again = Math.max(0, at.sent - acked);
  const next: Transfer = { ...at, acked, sent: last, proven: true, tries: 1, rewound: again > 0 };
  return { kind: 'send', at: next, first, last, again: Math.min(again, last - acked) };
}

/**
 * A repeated ACK. Answering every one with the same block again would double each packet for the rest of the transfer, the
 * Sorcerer's Apprentice (RFC 1123 §4.2.3.1): with one block per ACK only the timer sends again. In a window a repeated ACK
 * may say that its first block was lost (RFC 7440 §4): it is believed once.
 */
function duplicate(at: Transfer): Step {
  if (!at.proven || at.terms.windowSize === 1 || at.rewound) return ignore;
  return sendAgain({ ...at, rewound: true });
}

/** The first answer was lost; or the machine was reset in the middle, and its ROM uses the same port again. */
function requestedAgain(at: Transfer): Step {
  if (at.proven) return at.tries > 1 ? { kind: 'restart' } : ignore;
  return mayTry(at) ? sendAgain({ ...at, tries: at.tries + 1 }) : ignore;
}

function mayTry({ proven, tries }: Transfer): boolean {
  return tries < (proven ? provenTries : unprovenTries);
}

function sendAgain(at: Transfer): Send {
  return { kind: 'send', at, first: at.acked + 1, last: at.sent, again: at.sent - at.acked };
}
