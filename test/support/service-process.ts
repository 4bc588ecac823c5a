import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { HostPort } from '#shared/config.ts';
import type { LogLine } from './log-sink.ts';
import { until } from './until.ts';

export type ServiceName = 'hardware' | 'dhcp' | 'tftp' | 'http' | 'syslog' | 'dashboard';

/** The line in which each service says where it listens. */
const listening: Readonly<Record<ServiceName, string>> = {
  hardware: 'listening',
  dhcp: 'DHCP listens',
  tftp: 'serving TFTP',
  http: 'listening',
  syslog: 'receiving syslog',
  dashboard: 'listening',
};

/** Flags for ports that the kernel chooses. */
const freePorts: Readonly<Record<ServiceName, readonly string[]>> = {
  hardware: ['--hardware-bind=127.0.0.1:0', '--hardware-ops-addr=127.0.0.1:0'],
  dhcp: ['--dhcp-addr=127.0.0.1:0', '--dhcp-ops-addr=127.0.0.1:0', '--dhcp-tftp-ip=127.0.0.1'],
  tftp: ['--tftp-addr=127.0.0.1', '--tftp-port=0', '--tftp-ops-addr=127.0.0.1:0'],
  http: ['--http-addr=127.0.0.1', '--http-port=0'],
  syslog: ['--syslog-addr=127.0.0.1', '--syslog-port=0', '--syslog-ops-addr=127.0.0.1:0'],
  dashboard: ['--dashboard-addr=127.0.0.1:0'],
};

/** The flag by which a service is started again on the port it had. */
const samePort: Readonly<Record<ServiceName, (port: number) => string>> = {
  hardware: (port) => `--hardware-bind=127.0.0.1:${port}`,
  dhcp: (port) => `--dhcp-addr=127.0.0.1:${port}`,
  tftp: (port) => `--tftp-port=${port}`,
  http: (port) => `--http-port=${port}`,
  syslog: (port) => `--syslog-port=${port}`,
  dashboard: (port) => `--dashboard-addr=127.0.0.1:${port}`,
};

/** What runs now: none outlives the tests, however they end. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** One service as a process of its own, on 127.0.0.1; killed, if it still runs, when the scope ends. */
export class ServiceProcess implements AsyncDisposable {
  readonly name: ServiceName;
  readonly lines: LogLine[] = [];
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  readonly #flags: readonly string[];
  readonly #child: ChildProcess;
  #unparsed = '';
  #stderr = '';

  private constructor(name: ServiceName, flags: readonly string[]) {
    this.name = name;
    this.#flags = flags;
    const main = fileURLToPath(new URL(`../../services/${name}/main.ts`, import.meta.url));
    const clean = Object.entries(process.env).filter(([variable]) => !variable.startsWith('SMEE_'));
    const child = spawn(process.execPath, [main, ...freePorts[name], ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: Object.fromEntries(clean),
    });
    this.#child = child;
    running.add(child);
    child.once('close', () => running.delete(child));
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  }

  /** Started, and listening. */
  static async start(name: ServiceName, ...flags: readonly string[]): Promise<ServiceProcess> {
    const started = new ServiceProcess(name, flags);
    await until(`${name} listens`, () => started.#ready() || !started.runs, 20_000).catch(() => undefined);
    if (started.#ready()) return started;
    await started[Symbol.asyncDispose]();
    throw new Error(`${name} did not start: ${started.#stderr}${JSON.stringify(started.lines)}`);
  }

  /** The same once more, on the port that this one had; `flags` win over its own. */
  again(...flags: readonly string[]): Promise<ServiceProcess> {
    return ServiceProcess.start(this.name, ...this.#flags, samePort[this.name](this.address.port), ...flags);
  }

  get runs(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get address(): HostPort {
    const { address, addresses } = this.#line as unknown as { address?: HostPort; addresses?: HostPort[] };
    return (address ?? addresses?.[0])!;
  }

  /** Sends a signal; resolves when the process has ended of it (but for SIGSTOP and SIGCONT, which end nothing). */
  async signal(signal: NodeJS.Signals): Promise<number | string> {
    this.#child.kill(signal);
    return signal === 'SIGSTOP' || signal === 'SIGCONT' ? signal : await this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  get #line(): LogLine | undefined {
    return this.lines.find(({ msg }) => msg === listening[this.name]);
  }

  #ready(): boolean {
    return this.#line !== undefined;
  }

  #read(text: string): void {
    const lines = (this.#unparsed + text).split('\n');
    this.#unparsed = lines.pop() ?? '';
    this.lines.push(...lines.map((line) => JSON.parse(line) as LogLine));
  }
}
