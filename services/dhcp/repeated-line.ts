import { pino } from 'pino';
import { type Log, timestamp } from '#shared/log.ts';
import { GatheredOutput, safeText } from '#shared/log-output.ts';

/** What of a pino logger is asked for by pino's own published symbols. */
interface Inside {
  readonly [pino.symbols.chindingsSym]: string;
  readonly [pino.symbols.streamSym]: { write(line: string): void };
}

const level = '{"level":"info"';
const beforeXid = ',"xid":"';
const beforeMs = '","ms":';
const xidLength = 8;

/** The longest that is put into a line, beside what it has already: a number of suppressed lines, and one of milliseconds. */
const mostAdded = 80;

const digit = Buffer.from('0123456789abcdef');

/** The time as it stands in a line, as bytes; it changes a thousand times a second. */
let timeText = timestamp();
let timeBytes = Buffer.from(timeText);

/**
 * A line of level info that is written again and again with another xid and another time. All that stays the same is made into
 * bytes once: in a storm that is most of what a line costs. It looks exactly as if the log had written it, which a test compares.
 */
export class RepeatedLine {
  readonly #log: Log;
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #message: string;
  /** The whole line, with zeros for what is new each time; made when it is needed: most lines are not written twice. */
  #line: Buffer | undefined;
  /** Where the milliseconds stand in it. */
  #msAt = 0;

  constructor(log: Log, fields: Readonly<Record<string, unknown>>, message: string) {
    this.#log = log;
    this.#fields = fields;
    this.#message = message;
  }

  /** @param xid 32 bits @param suppressed lines that were not written since the last one; 0 for none @param ms to microseconds */
  write(xid: number, suppressed: number, ms: number): void {
    this.#line ??= this.#prepare();
    const most = this.#line.length + mostAdded;
    const output = inside(this.#log)[pino.symbols.streamSym];
    if (output instanceof GatheredOutput) {
      const block = output.room(most);
      output.wrote(this.#compose(this.#line, block, output.end, xid, suppressed, ms));
    } else {
      const block = Buffer.alloc(most);
      output.write(block.toString('utf8', 0, this.#compose(this.#line, block, 0, xid, suppressed, ms)));
    }
  }

  #prepare(): Buffer {
    const constant = inside(this.#log.child(this.#fields))[pino.symbols.chindingsSym];
    const head = Buffer.from(
      safeText(level + timestamp() + constant + beforeXid + '0'.repeat(xidLength) + beforeMs),
    );
    this.#msAt = head.length;
    return Buffer.concat([head, Buffer.from(safeText(`,"msg":${JSON.stringify(this.#message)}}\n`))]);
  }

  /** @returns where it ends */
  #compose(line: Buffer, block: Buffer, start: number, xid: number, suppressed: number, ms: number): number {
    block.set(line, start);
    block.set(timeNow(), start + level.length);
    let at = start + this.#msAt - beforeMs.length;
    for (let shift = 0; shift < 32; shift += 4) block[--at] = digit[(xid >>> shift) & 15] ?? 0;
    at = start + this.#msAt;
    if (suppressed > 0) {
      at += 1 - beforeMs.length;
      at += block.write(`,"suppressed":${suppressed}${beforeMs.slice(1)}`, at, 'latin1');
    }
    at = writeMs(block, at, ms);
    for (let from = this.#msAt; from < line.length; from++) block[at++] = line[from] ?? 0;
    return at;
  }
}

function timeNow(): Buffer {
  const text = timestamp();
  if (text !== timeText) {
    timeText = text;
    timeBytes = Buffer.from(text);
  }
  return timeBytes;
}

/** As JSON has it: without zeros at its end. Nearly all are below one. */
function writeMs(block: Buffer, start: number, ms: number): number {
  let micros = Math.round(ms * 1000);
  if (micros <= 0 || micros >= 1000) return start + block.write(String(micros / 1000), start, 'latin1');
  let at = start;
  block[at++] = 0x30;
  block[at++] = 0x2e;
  for (let unit = 100; micros > 0; unit /= 10) {
    const value = Math.trunc(micros / unit);
    block[at++] = 0x30 + value;
    micros -= value * unit;
  }
  return at;
}

function inside(log: Log): Inside {
  return log as unknown as Inside;
}
