import { blockSizes, defaultBlockSize, timeouts, windowSizes } from '../wire/codes.ts';
import type { Option } from '../wire/packet.ts';

/** What this server allows. */
export interface Limits {
  /** The largest block that is agreed on, in bytes; 512, Smee's default, leaves it to the MTU. */
  readonly blockSize: number;
  /** The largest datagram that goes to the client unfragmented, in bytes of IP. */
  readonly mtu: number;
  /** The longest wait for an ACK, in milliseconds. */
  readonly timeout: number;
}

/** What client and server have agreed on. */
export interface Terms {
  /** Bytes per block. */
  readonly blockSize: number;
  /** Blocks per ACK. */
  readonly windowSize: number;
  /** The first wait for an ACK, in milliseconds; it doubles up to `longestWait`. */
  readonly firstWait: number;
  readonly longestWait: number;
  /** The wait that the client asked for, in milliseconds (RFC 2349). */
  readonly askedWait: number | undefined;
  /** What the OACK says; empty: there is none, and block 1 is the first answer. */
  readonly accepted: readonly Option[];
}

/** IPv4 header, UDP header, opcode and block number. */
const headers = 20 + 8 + 4;

/** A window is held in memory while it is under way: so many blocks, and so many bytes, at most. */
const mostBlocksInWindow = 64;
const mostBytesInWindow = 128 * 1024;

/** The first wait is this part of the longest: lost blocks are frequent in a boot storm, slow clients are not. */
const firstWaitPart = 1 / 10;

/**
 * Answers the options of a read request (RFC 2347): only those that were asked for, in that order, each once. Unknown options,
 * repeated ones and values that the option's RFC does not allow are passed over, as if they had not been sent.
 *
 * @param size of what will be sent, in bytes
 */
export function negotiate(asked: readonly Option[], size: number, limits: Limits): Terms {
  const first = firstOfEach(asked);
  const number = (name: string) => numberOf(first.get(name)?.[1]);

  const blksize = between(number('blksize'), blockSizes);
  // RFC 1350 §2: a client that asks for no size counts on 512, whatever we would like.
  const blockSize = blksize === undefined ? defaultBlockSize : Math.min(blksize, largestBlock(limits));
  const windowsize = between(number('windowsize'), windowSizes);
  const fits = Math.max(1, Math.min(mostBlocksInWindow, Math.floor(mostBytesInWindow / blockSize)));
  const windowSize = Math.min(windowsize ?? 1, fits);
  const seconds = between(number('timeout'), timeouts);

  const answers: Readonly<Record<string, number | undefined>> = {
    // RFC 2348: the server may answer with a smaller size; it clamps, so that no block is fragmented.
    blksize: blksize === undefined ? undefined : blockSize,
    // RFC 2349: the server answers with the same value, or not at all.
    timeout: seconds,
    // RFC 2349: a read request says 0 and is told the size.
    tsize: number('tsize') === undefined ? undefined : size,
    // RFC 7440 §3: the server may answer with a smaller window.
    windowsize: windowsize === undefined ? undefined : windowSize,
  };
  const accepted = [...first].flatMap(([name, [spelled]]): readonly Option[] => {
    const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
    return answer === undefined ? [] : [[spelled, String(answer)]];
  });
  return {
    blockSize,
    windowSize,
    accepted,
    firstWait: limits.timeout * firstWaitPart,
    longestWait: limits.timeout,
    askedWait: seconds === undefined ? undefined : seconds * 1000,
  };
}

/** Below 512 only when the operator says so: no path is that narrow. */
function largestBlock({ blockSize, mtu }: Limits): number {
  const unfragmented = Math.max(mtu - headers, defaultBlockSize);
  return blockSize === defaultBlockSize ? unfragmented : Math.min(blockSize, unfragmented);
}

/** Option names in any case (RFC 2347); the answer spells them as the client did. */
function firstOfEach(options: readonly Option[]): ReadonlyMap<string, Option> {
  const first = new Map<string, Option>();
  for (const option of options) {
    const name = option[0].toLowerCase();
    if (!first.has(name)) first.set(name, option);
  }
  return first;
}

/** Decimal digits only: no sign, no space, no number that is not exact. */
function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function between(value: number | undefined, range: { least: number; most: number }): number | undefined {
  return value !== undefined && value >= range.least && value <= range.most ? value : undefined;
}
