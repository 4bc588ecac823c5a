import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readUpFile, type UpFile } from '../../cli/up-file.ts';
import type { LogLine } from './log-sink.ts';
import { until } from './until.ts';

const program = fileURLToPath(new URL('../../cli/smee.ts', import.meta.url));

export interface CliOptions {
  readonly cwd: string;
  /** Standard input. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface CliProcess {
  readonly pid: number;
  stdout: string;
  stderr: string;
  /** The exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts the real command line in a process of its own, without the SMEE_ variables of whoever runs the tests. */
export function startSmee(args: readonly string[], { cwd, input = '', env = {} }: CliOptions): CliProcess {
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('SMEE_'));
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...Object.fromEntries(clean), NO_COLOR: '1', ...env },
  });
  const started: CliProcess = {
    pid: child.pid!,
    stdout: '',
    stderr: '',
    ended: once(child, 'close').then(([code]) => code as number | null),
    kill: (signal) => child.kill(signal),
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    started.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    started.stderr += text;
  });
  child.stdin.end(input);
  return started;
}

/** Runs it to its end. */
export async function smee(
  args: readonly string[],
  options: CliOptions,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const started = startSmee(args, options);
  const code = await started.ended;
  return { code, stdout: started.stdout, stderr: started.stderr };
}

/** A running `smee up`; killed when the scope ends, if it still runs. */
export interface TestUp extends AsyncDisposable {
  readonly process: CliProcess;
  readonly file: UpFile;
  /** What it has logged so far. */
  log(): readonly LogLine[];
}

/** Ports that the kernel chooses, so that tests can run beside each other. */
const freePorts = [
  ...[
    'hardware-bind',
    'hardware-ops-addr',
    'dhcp-ops-addr',
    'tftp-ops-addr',
    'syslog-ops-addr',
    'dhcp-addr',
    'dashboard-addr',
  ].map((flag) => `--${flag}=127.0.0.1:0`),
  ...['tftp-port', 'http-port', 'syslog-port'].map((flag) => `--${flag}=0`),
];

/** Makes loaders of a kind in `folder/loaders`: no test fetches real ones. */
export async function makeLoaders(folder: string): Promise<string> {
  const loaders = join(folder, 'loaders');
  await mkdir(loaders);
  for (const [name, size] of Object.entries({ 'undionly.kpxe': 70_000, 'ipxe.efi': 102_400 })) {
    await writeFile(join(loaders, name), Buffer.alloc(size, `${name} `));
  }
  return loaders;
}

/** `smee up` in a folder, on loopback and free ports. */
export async function startUp(folder: string, flags: readonly string[] = []): Promise<TestUp> {
  const started = startSmee(['up', ...freePorts, ...flags], { cwd: folder });
  const stopped = { code: undefined as number | null | undefined };
  void started.ended.then((code) => {
    stopped.code = code;
  });
  await until('smee is up', () => started.stderr.includes('smee is up') || stopped.code !== undefined);
  const { up } = await readUpFile(join(folder, 'data', 'up.json'));
  if (up === undefined) throw new Error(`smee up did not start: ${started.stderr}${started.stdout}`);
  return {
    process: started,
    file: up,
    log: () =>
      started.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as LogLine),
    async [Symbol.asyncDispose]() {
      if (stopped.code === undefined) started.kill('SIGTERM');
      await started.ended;
    },
  };
}
