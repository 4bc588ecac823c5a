import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Nothing of the environment that the tests run in, but what programs need; an ordinary user's PATH lacks sbin. */
export const environment = {
  PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
  HOME: process.env.HOME ?? '/',
  LC_ALL: 'C.UTF-8',
};

/** Milliseconds that a test waits for anything, unless it says otherwise. */
const patience = 15_000;

/**
 * A real process inside a namespace, with everything it wrote. It is ended by the process id that it told us itself, in
 * this machine's own numbering: nsenter, which stands between, passes no signal on.
 */
export class LabProcess implements AsyncDisposable {
  readonly name: string;
  /** Standard output and error together, as they came. */
  output = '';
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>;
  readonly #child: ChildProcess;
  /** Its id in this machine's own numbering; undefined when it never started. */
  readonly pid: Promise<number | undefined>;
  /** What else ran, for the message of a failure. */
  readonly #surroundings: () => string;
  #ended: number | string | undefined;

  /** @param command a command line that writes its own process id to descriptor 3 first (`telling`) */
  constructor(name: string, command: readonly string[], input: string | undefined, around: () => string) {
    this.name = name;
    this.#surroundings = around;
    const [program = '', ...args] = command;
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env: environment });
    this.#child = child;
    const [stdin, stdout, stderr] = [child.stdin!, child.stdout!, child.stderr!];
    const told = child.stdio[3] as Readable;
    // A process that does not read its input is no failure of the test.
    stdin.on('error', () => undefined);
    stdin.end(input ?? '');
    for (const stream of [stdout, stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.pid = new Promise((resolve) => {
      told.setEncoding('utf8').once('data', (text: string) => resolve(Number(text)));
      told.once('close', () => resolve(undefined));
    });
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, signal) => resolve(code ?? signal ?? 'gone'));
    });
    void this.exited.then((how) => {
      this.#ended = how;
    });
  }

  /** Where the output ends now: what `until` looks at from here is news. */
  get mark(): number {
    return this.output.length;
  }

  /** Waits until the output, from `from` on, matches. Fails when the process ends or the time is over, and says what was seen. */
  async until(pattern: RegExp, { within = patience, from = 0 } = {}): Promise<RegExpMatchArray> {
    const { stdout, stderr } = this.#child;
    let onData: () => void = () => undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        onData = () => {
          const match = this.output.slice(from).match(pattern);
          if (match !== null) resolve(match);
        };
        for (const stream of [stdout, stderr]) stream?.on('data', onData);
        onData();
        timer = setTimeout(
          () => reject(this.failure(`did not say ${String(pattern)} within ${within} ms`, from)),
          within,
        );
        void this.exited.then((how) => {
          onData();
          reject(this.failure(`ended (${how}) before it said ${String(pattern)}`, from));
        });
      });
    } finally {
      clearTimeout(timer);
      for (const stream of [stdout, stderr]) stream?.off('data', onData);
    }
  }

  /** Waits for the end, and gives the output back; fails on another exit code than 0. */
  async done(within = patience): Promise<string> {
    const how = await this.ended(within);
    if (how !== 0) throw this.failure(`ended with ${how}`);
    return this.output;
  }

  /** Waits for the end: the exit code, or the signal's name. */
  async ended(within = patience): Promise<number | string> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(this.failure(`did not end within ${within} ms`)), within);
    });
    try {
      return await Promise.race([this.exited, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** One that has ended by itself is not missed: nsenter, which stands between, tells its end a moment later. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    const pid = await this.pid;
    if (pid === undefined || this.#ended !== undefined) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Stops its clock, until `resume`. */
  async pause(): Promise<void> {
    await this.signal('SIGSTOP');
  }

  /** nsenter, which stands between, stops itself when its child stops, and goes on only when it is told, too. */
  async resume(): Promise<void> {
    await this.signal('SIGCONT');
    this.#child.kill('SIGCONT');
  }

  /** Ends the process: SIGTERM, and SIGKILL when that was not enough. */
  async stop(within = 5000): Promise<void> {
    if (this.#ended !== undefined) return;
    await this.signal('SIGTERM');
    const timer = setTimeout(() => void this.signal('SIGKILL'), within);
    await this.exited;
    clearTimeout(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(1000);
  }

  /** The last lines of the output, under the process's name. */
  tail(lines = 25, from = 0): string {
    const text = this.output.slice(from).trimEnd().split('\n').slice(-lines).join('\n');
    return `--- ${this.name}\n${text}`;
  }

  failure(what: string, from = 0): Error {
    return new Error(`${this.name} ${what}\n${this.tail(40, from)}\n${this.#surroundings()}`);
  }
}

/** A command line that tells its process id on descriptor 3, closes that, and becomes `command` in the folder `cwd`. */
export function telling(command: readonly string[], cwd: string): readonly string[] {
  const script = 'read -r pid _ </proc/self/stat; echo "$pid" >&3; cd "$0"; exec 3>&- "$@"';
  return ['sh', '-c', script, cwd, ...command];
}
