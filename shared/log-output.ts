import type { DestinationStream } from 'pino';
import { DescriptorOutput } from './descriptor-output.ts';

/** How long lines are gathered before they are written together, in milliseconds, or how many bytes of them. */
const gatherFor = 10;
const gatherUpTo = 65_536;

/** Bytes that may wait for a reader who takes none; what comes on top of them is dropped. */
const mayWait = 32 * 1024 * 1024;

/**
 * Control characters that JSON leaves as they are and a terminal obeys (DEL, C1), and what turns text around or breaks its lines:
 * strangers choose file names. As escapes they mean the same in JSON.
 */
const unsafe = /[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** A line as it may be shown. */
export function safeText(line: string): string {
  return line.replace(unsafe, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Standard output, for log lines: what comes within a few milliseconds is written with one call, off the event loop's thread,
 * so that a reader who is slow does not hold up answers. A storm would otherwise pay for a write and a change of threads with
 * nearly every line. What is gathered when the process exits is written then, whatever made it exit; only SIGKILL loses it.
 *
 * Lines are gathered as bytes, in one block that is used again and again: as texts, thousands would wait for the garbage collector
 * to move them. And whoever writes the same line again and again has its bytes already (`room`).
 */
export class GatheredOutput implements DestinationStream {
  readonly #out: Output;
  readonly #block = Buffer.allocUnsafeSlow(gatherUpTo);
  #end = 0;
  #timer: NodeJS.Timeout | undefined;
  #dropped = 0;
  #droppedTold = 0;
  #note = '';

  constructor(out: Output) {
    this.#out = out;
  }

  write(line: string): void {
    const safe = safeText(line);
    const most = safe.length * 3;
    if (most <= gatherUpTo) this.wrote(this.room(most).write(safe, this.#end) + this.#end);
    else {
      this.flush();
      this.#hand(safe);
    }
  }

  /** A block with room for so many bytes from `end` on: write a line there that is safe, and say where it ends (`wrote`). */
  room(most: number): Buffer {
    if (this.#end + most > gatherUpTo) this.flush();
    return this.#block;
  }

  get end(): number {
    return this.#end;
  }

  wrote(end: number): void {
    this.#end = end;
    this.#timer ??= setTimeout(() => this.flush(), gatherFor).unref();
  }

  /** Hands over what is gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#end === 0) return;
    const lines = this.#block.toString('utf8', 0, this.#end);
    this.#end = 0;
    this.#hand(lines);
  }

  #hand(lines: string): void {
    if (this.#dropped > this.#droppedTold) this.#tellDropped();
    this.#out.write(lines);
  }

  /** Writes it at once, but for what is on its way already; pino calls it for a fatal line. */
  flushSync(): void {
    this.flush();
    this.#out.flushSync();
  }

  /** To be called with lines that found no room. */
  drop(lines: string): void {
    if (lines !== this.#note) this.#dropped += lines.split('\n').length - 1;
    else this.#droppedTold = -1;
  }

  /** A line of its own, with the number since the start: when it is dropped, too, the next one says it all. */
  #tellDropped(): void {
    const note = {
      level: 'warn',
      time: new Date(),
      dropped: this.#dropped,
      msg: 'log lines dropped: nobody reads them',
    };
    this.#note = `${JSON.stringify(note)}\n`;
    this.#droppedTold = this.#dropped;
    this.#out.write(this.#note);
  }
}

/** Where lines go. */
interface Output extends DestinationStream {
  flushSync(): void;
}

let standard: GatheredOutput | undefined;

/** One for all logs of the process, so that their lines stay in order. */
export function standardOutput(): GatheredOutput {
  if (standard !== undefined) return standard;
  // A full disk costs lines, never the service.
  const output: GatheredOutput = new GatheredOutput(
    new DescriptorOutput(1, mayWait, (lines) => output.drop(lines)),
  );
  process.on('beforeExit', () => output.flush());
  process.on('exit', () => output.flushSync());
  standard = output;
  return output;
}
