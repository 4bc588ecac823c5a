import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Ended {
  /** undefined: it was ended by a signal, or took too long. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** What programs need of the environment; an ordinary user's PATH lacks the administrator's folders. */
function environment(): NodeJS.ProcessEnv {
  const { env } = process;
  return { PATH: `${env.PATH ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C.UTF-8' };
}

/** Runs a program to its end, at most `within` milliseconds; undefined when this host does not have it. */
export async function command(
  program: string,
  args: readonly string[],
  within = 3000,
): Promise<Ended | undefined> {
  const child = spawn(program, args, {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: within,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<number | undefined>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? undefined));
  });
  try {
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { code, stdout, stderr };
  } catch {
    return undefined;
  }
}

/** Runs a program that prints JSON; undefined when there is none to be had. */
export async function jsonOf(program: string, args: readonly string[]): Promise<unknown> {
  const ended = await command(program, args);
  if (ended?.code !== 0) return undefined;
  try {
    return JSON.parse(ended.stdout);
  } catch {
    return undefined;
  }
}
