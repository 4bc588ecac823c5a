import { DhcpClient } from './dhcp-client.ts';
import { HttpClient } from './http-client.ts';
import { Latencies } from './latencies.ts';
import { type Fleet, Machine, type Stage } from './machine.ts';
import type { Plan } from './plan.ts';
import { TftpClient } from './tftp-client.ts';

/** How often it is looked who waits for too long, and who powers on, in milliseconds. */
const lookEvery = 10;

const following: Readonly<Partial<Record<Stage, Stage>>> = {
  rom: 'loader',
  loader: 'ipxe',
  ipxe: 'script',
  script: 'kernel',
  kernel: 'up',
};

/** What happened since the figures were taken last; times in milliseconds, but for those in seconds. */
export type Counted = ReturnType<Storm['take']>;

/** All machines, and the one loop that moves them. */
export class Storm implements Fleet {
  readonly machines: readonly Machine[];
  /** Resolves when the last machine is up or has failed, or the time is over. Rejects at the first wrong answer. */
  readonly over: Promise<void>;
  readonly #plan: Plan;
  readonly #dhcp: DhcpClient;
  readonly #tftp: TftpClient;
  readonly #http: HttpClient;
  readonly #latencies = new Latencies();
  readonly #boots = new Latencies();
  readonly #looks: NodeJS.Timeout;
  readonly #started: number;
  /** In the order in which it is their turn. */
  readonly #off: Machine[];
  readonly #cpu = process.cpuUsage();
  /** Seconds from the start until the last machine has left each stage. */
  readonly #left: Partial<Record<Stage, number>> = {};
  #again = { dhcp: 0, tftp: 0, http: 0 };
  #up = 0;
  #failed = 0;
  #underWay = 0;
  /** Power-ons so far. */
  #begun = 0;
  readonly #end: (error?: Error) => void;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.machines = Array.from({ length: plan.machines }, (_, number) => new Machine(number));
    this.#dhcp = new DhcpClient(plan, this, this.#latencies);
    this.#tftp = new TftpClient(plan, this);
    this.#http = new HttpClient(plan, (machine) => this.#dhcp.urlOf(machine), this);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.over = promise;
    this.#end = (error) => (error === undefined ? resolve() : reject(error));
    this.#off = [...this.machines];
    this.#started = performance.now();
    this.#looks = setInterval(() => this.#look(), lookEvery);
    this.#look();
  }

  now(): number {
    return performance.now();
  }

  next(machine: Machine): void {
    const { stage } = machine;
    machine.stage = following[stage] ?? 'failed';
    machine.due = Number.POSITIVE_INFINITY;
    this.#left[stage] = (this.now() - this.#started) / 1000;
    if (machine.stage === 'up') {
      this.#up++;
      this.#boots.add(this.now() - machine.since);
      this.#ended(machine);
    } else this.#clientOf(machine).begin(machine);
  }

  again(what: 'dhcp' | 'tftp' | 'http'): void {
    this.#again[what]++;
  }

  fail(machine: Machine): void {
    machine.stage = 'failed';
    this.#failed++;
    this.#ended(machine);
  }

  wrong(machine: Machine, what: string): never {
    const error = new Error(`machine ${machine.number} (${machine.macText}): ${what}`);
    this.#end(error);
    throw error;
  }

  take() {
    const { user, system } = process.cpuUsage(this.#cpu);
    const counted = {
      seconds: (this.now() - this.#started) / 1000,
      up: this.#up,
      failed: this.#failed,
      underWay: this.#underWay,
      again: this.#again,
      late: this.#dhcp.late,
      droppedHere: this.#dhcp.socket.stats.droppedByKernel + this.#tftp.socket.stats.droppedByKernel,
      dhcp: this.#latencies.take(),
      boot: this.#boots.take(),
      left: this.#left,
      cpu: (user + system) / 1e6,
    };
    this.#up = this.#failed = this.#dhcp.late = 0;
    this.#again = { dhcp: 0, tftp: 0, http: 0 };
    return counted;
  }

  #clientOf({ stage }: Machine): DhcpClient | TftpClient | HttpClient {
    if (stage === 'loader') return this.#tftp;
    return stage === 'rom' || stage === 'ipxe' ? this.#dhcp : this.#http;
  }

  #look(): void {
    const now = this.now();
    this.#powerOn(now);
    for (const machine of this.machines) if (machine.due <= now) this.#clientOf(machine).again(machine);
    if (now - this.#started > this.#plan.seconds * 1000) this.#finish();
  }

  #powerOn(now: number): void {
    const { perSecond, inFlight = this.machines.length } = this.#plan.powerOn;
    const due = perSecond === undefined ? this.machines.length : ((now - this.#started) / 1000) * perSecond;
    let more = Math.min(
      perSecond === undefined ? due : due - this.#begun,
      inFlight - this.#underWay,
      this.#off.length,
    );
    for (; more >= 1; more--) this.#begin(this.#off.shift(), now);
  }

  #begin(machine: Machine | undefined, now: number): void {
    if (machine === undefined) return;
    machine.stage = 'rom';
    machine.since = now;
    this.#begun++;
    this.#underWay++;
    this.#dhcp.begin(machine);
  }

  #ended(machine: Machine): void {
    machine.due = Number.POSITIVE_INFINITY;
    machine.socket?.end();
    machine.socket = undefined;
    this.#underWay--;
    if (this.#plan.powerOn.again) this.#off.push(machine);
    else if (this.#underWay + this.#off.length === 0) this.#finish();
  }

  #finish(): void {
    clearInterval(this.#looks);
    this.#end();
  }
}
