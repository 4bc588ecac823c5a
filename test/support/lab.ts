import { type ChildProcess, spawn } from 'node:child_process';
import { missing, need, type Pending } from './clients.ts';
import { environment, LabProcess, telling } from './lab-process.ts';

/** The provisioner's address on its bridge `br0`, a /24. */
export const provisioner = '192.168.77.1';

/**
 * A network of one's own: namespaces without any way to the outside, joined by bridges and cables. It needs root or, for
 * everybody else, user namespaces. Everything lives in one process-id namespace whose first process reads our pipe: when this
 * process ends, however it ends, that one does, and the kernel takes away every process, device and mount of the lab.
 */
export class Lab implements AsyncDisposable {
  /** The provisioner: bridge `br0` with 192.168.77.1/24. */
  readonly prov: Namespace;
  readonly #processes: LabProcess[] = [];
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess, pid: number) {
    this.#holder = holder;
    this.prov = new Namespace(this, 'prov', pid);
  }

  /** Makes a lab; where this machine allows none, the test is pending, and fails in CI. */
  static async create(test: Pending): Promise<Lab> {
    for (const command of ['unshare', 'nsenter', 'mount']) need(test, command, 'util-linux');
    need(test, 'ip', 'iproute2');
    const user = isRoot() ? [] : ['--user', '--map-root-user'];
    const holder = hold(['unshare', ...user, '--net', '--mount', '--pid', '--fork', '--kill-child', '--']);
    const pid = await holder.pid.catch((error: Error) =>
      missing(test, `no network namespaces here (${error.message}); run as root or allow user namespaces`),
    );
    const lab = new Lab(holder.process, pid);
    await lab.prov.setUp(...ownView, 'ip link set lo up');
    await lab.addBridge('br0', `${provisioner}/24`);
    return lab;
  }

  async addBridge(name: string, cidr: string): Promise<void> {
    await this.prov.setUp(
      `ip link add name ${name} type bridge forward_delay 0 stp_state 0 mcast_snooping 0`,
      `ip addr add ${cidr} brd + dev ${name}`,
      `ip link set ${name} up`,
    );
  }

  /** A tap device on a bridge of the provisioner, for a virtual machine. Needs root. */
  async addTap(name: string, bridge = 'br0'): Promise<void> {
    await this.prov.setUp(`ip tuntap add dev ${name} mode tap`, `ip link set ${name} master ${bridge} up`);
  }

  /** A host with no cable yet, and with places of its own for the state that DHCP clients keep. */
  async addHost(name: string): Promise<Namespace> {
    const holder = hold([...this.prov.enter({ net: false }), 'unshare', '--net', '--mount', '--']);
    const host = new Namespace(this, name, await holder.pid);
    await host.setUp(
      ...ownView,
      'ip link set lo up',
      'mount -t tmpfs tmpfs /run',
      'mount -t tmpfs tmpfs /var/lib',
      'mkdir -p /var/lib/dhcp /var/lib/dhcpcd /var/lib/misc',
      '[ ! -e /etc/resolv.conf ] || { : > /run/resolv.conf; mount --bind /run/resolv.conf /etc/resolv.conf; }',
    );
    return host;
  }

  /** A host whose `eth0` has this MAC and hangs on a bridge of the provisioner. */
  async addClient(name: string, mac: string, bridge = 'br0'): Promise<Namespace> {
    const client = await this.addHost(name);
    await this.cable(this.prov, `to-${name}`, client, 'eth0', mac);
    await this.prov.setUp(`ip link set to-${name} master ${bridge}`);
    return client;
  }

  /** A cable between two hosts; the second end gets the MAC. Both ends are up. */
  async cable(one: Namespace, device: string, other: Namespace, otherDevice: string, mac: string) {
    await one.setUp(
      `ip link add name ${device} type veth peer name ${otherDevice} address ${mac} netns ${other.pid}`,
      `ip link set ${device} up`,
    );
    await other.setUp(`ip link set ${otherDevice} up`);
  }

  /** Starts a process in a namespace; Namespace.spawn is the way to say it. */
  start(place: Namespace, command: readonly string[], { input, cwd = '/' }: SpawnOptions): LabProcess {
    const started: LabProcess = new LabProcess(
      `${place.name}: ${command.map((word) => word.split('/').pop()).join(' ')}`,
      [...place.enter({ net: true }), ...telling(command, cwd)],
      input,
      () => this.#othersThan(started),
    );
    this.#processes.push(started);
    return started;
  }

  /** The last lines of everything that was started here. */
  logs(): string {
    return this.#processes.map((one) => one.tail()).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = new Promise((resolve) => this.#holder.once('close', resolve));
    this.#holder.stdin?.end();
    await gone;
    await Promise.all(this.#processes.map((one) => one.exited));
  }

  #othersThan(one: LabProcess): string {
    return this.#processes
      .filter((other) => other !== one)
      .map((other) => other.tail())
      .join('\n');
  }
}

export interface SpawnOptions {
  /** What it reads; nothing when absent. */
  readonly input?: string;
  /** The folder to run in; `/` when absent. */
  readonly cwd?: string;
}

/** /sys shows the devices of the namespace that mounted it, so each mounts its own, as `ip netns exec` does. */
const ownView = ['mount -t sysfs sysfs /sys'];

/** One host of the lab: a network and a mount namespace. */
export class Namespace {
  readonly name: string;
  /** Of the process that holds it, in this machine's numbering. */
  readonly pid: number;
  readonly #lab: Lab;

  constructor(lab: Lab, name: string, pid: number) {
    this.#lab = lab;
    this.name = name;
    this.pid = pid;
  }

  /** The start of a command line that runs inside: files, users, process ids and, if wanted, the network of this host. */
  enter({ net }: { net: boolean }): readonly string[] {
    return [...this.#nsenter(), '--pid', ...(net ? ['--net'] : []), '--'];
  }

  /** Starts a process, for as long as it runs or the lab stands. */
  spawn(command: string, args: readonly string[] = [], options: SpawnOptions = {}): LabProcess {
    return this.#lab.start(this, [command, ...args], options);
  }

  /** Runs a command to its end and gives its output back; fails, with the output, on another exit code than 0. */
  async run(command: string, args: readonly string[] = [], options: SpawnOptions = {}): Promise<string> {
    return await this.spawn(command, args, options).done();
  }

  /**
   * Runs shell lines that build the lab. They keep this machine's process ids, by which `ip` names a namespace.
   */
  async setUp(...lines: readonly string[]): Promise<void> {
    const [program = '', ...args] = [...this.#nsenter(), '--net', '--', 'sh', '-ec', lines.join('\n')];
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: environment });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    if (code !== 0) throw new Error(`${this.name}: set-up failed (${code}): ${said}\n${lines.join('\n')}`);
  }

  #nsenter(): readonly string[] {
    const user = isRoot() ? [] : ['--user', '--preserve-credentials'];
    return ['nsenter', '--target', String(this.pid), ...user, '--mount'];
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Starts a process that does nothing but hold namespaces until its input closes; `pid` is its id in this machine's numbering. */
function hold(unshare: readonly string[]): { process: ChildProcess; pid: Promise<number> } {
  const [program = '', ...args] = unshare;
  const script = 'read -r pid _ </proc/self/stat; echo "$pid"; exec cat';
  const holder = spawn(program, [...args, 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  holder.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const pid = new Promise<number>((resolve, reject) => {
    holder.stdout.setEncoding('utf8').once('data', (text: string) => resolve(Number(text)));
    holder.once('error', reject);
    holder.once('close', () => reject(new Error(said.trim())));
  });
  return { process: holder, pid };
}
