/**
 * One base class for every error that we raise on purpose, with a stable `code`. A subclass exists only where somebody
 * reacts differently: malformed → drop and count, config → print and exit 1, unavailable → retry or 503.
 */
export class SmeeError extends Error {
  /** Stable, kebab-case; safe to match on and to show. */
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Bytes or text from outside that do not follow their format. Never leaves the receive loop: dropped and counted. */
export class MalformedError extends SmeeError {
  /** Which field is wrong, in the field's standard term: `hlen`, `option 53`, `blksize`. */
  readonly field: string;
  /** Where it starts, in bytes from the start of the datagram. */
  readonly offset: number;
  constructor(field: string, offset: number, what: string) {
    super('malformed', `${field} at byte ${offset}: ${what}`);
    this.field = field;
    this.offset = offset;
  }
}

/** Settings that cannot work. Holds every problem at once; each says what, where and what to do. */
export class ConfigError extends SmeeError {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super('config', problems.join('\n'));
    this.problems = problems;
  }
}

/** Something that is needed is not there now, and may come back: retry, or answer 503. */
export class UnavailableError extends SmeeError {
  constructor(message: string, options?: ErrorOptions) {
    super('unavailable', message, options);
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
