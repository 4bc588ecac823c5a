import { CommanderError } from 'commander';
import { ConfigError, SmeeError, UnavailableError } from '#shared/errors.ts';

/** What the commands end with, for scripts. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, notFound: 3, unreachable: 4 } as const;

/** For `--help`. */
export const exitCodeHelp = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no such record, 4 the hardware service cannot be reached.`;

/** Ends a command; the message has been told, or is told by {@link conclude}. */
export class CommandError extends SmeeError {
  readonly exitCode: number;
  constructor(exitCode: keyof typeof exitCodes, message = '') {
    super(exitCode, message);
    this.exitCode = exitCodes[exitCode];
  }
}

/** Waits for a command; what it threw becomes sentences on standard error and an exit code. */
export async function conclude(command: Promise<unknown>): Promise<void> {
  try {
    await command;
  } catch (error) {
    const [exitCode, sentences] = verdictOf(error);
    process.exitCode = exitCode;
    if (sentences !== '') process.stderr.write(`${sentences}\n`);
  }
}

function verdictOf(error: unknown): readonly [exitCode: number, sentences: string] {
  if (error instanceof CommandError) return [error.exitCode, error.message];
  // commander has said what is wrong, or shown the help that was asked for.
  if (error instanceof CommanderError) return [error.exitCode === 0 ? exitCodes.ok : exitCodes.usage, ''];
  if (error instanceof ConfigError) return [exitCodes.usage, error.message];
  if (error instanceof UnavailableError) {
    return [exitCodes.unreachable, `${error.message}\nIs it running? npm start brings everything up.`];
  }
  if (error instanceof SmeeError || isSystemError(error)) return [exitCodes.failed, error.message];
  return [exitCodes.failed, error instanceof Error ? (error.stack ?? error.message) : String(error)];
}

/** A file that isn't there, a port that is taken: the message says it; where in our code is of no use. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}
