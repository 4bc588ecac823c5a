import { pino } from 'pino';
import { type Log, timestamp } from '#shared/log.ts';

/** What of a pino logger is asked for by pino's own published symbols. */
interface Inside {
  readonly [pino.symbols.chindingsSym]: string;
  readonly [pino.symbols.streamSym]: { write(line: string): void };
}

/**
 * A line of level info that is written again and again with another xid and another time. All that stays the same is made into
 * JSON once: in a storm that is most of what a line costs. It looks exactly as if the log had written it, which a test compares.
 */
export class RepeatedLine {
  readonly #log: Log;
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #message: string;
  /** Both are made when they are needed: most lines are not written twice. */
  #constant: string | undefined;
  #end = '';

  constructor(log: Log, fields: Readonly<Record<string, unknown>>, message: string) {
    this.#log = log;
    this.#fields = fields;
    this.#message = message;
  }

  /** @param xid hex digits @param suppressed lines that were not written since the last one; undefined for none */
  write(xid: string, suppressed: number | undefined, ms: number): void {
    this.#constant ??= this.#prepare();
    const more = suppressed === undefined ? '' : `,"suppressed":${suppressed}`;
    inside(this.#log)[pino.symbols.streamSym].write(
      `{"level":"info"${timestamp()}${this.#constant},"xid":"${xid}"${more},"ms":${ms}${this.#end}`,
    );
  }

  #prepare(): string {
    this.#end = `,"msg":${JSON.stringify(this.#message)}}\n`;
    return inside(this.#log.child(this.#fields))[pino.symbols.chindingsSym];
  }
}

function inside(log: Log): Inside {
  return log as unknown as Inside;
}
