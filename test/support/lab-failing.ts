import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { type Reason, reasons } from '#shared/boot/reasons.ts';
import { makeLoaders } from './cli.ts';
import { Lab, type Namespace } from './lab.ts';
import { document, type Node } from './lab-dhcp.ts';
import { leaseScript } from './lab-lease.ts';
import { PlayedMachine } from './lab-played.ts';
import type { LabProcess } from './lab-process.ts';
import { applyHardware, runNode, untilReadiness, untilRevision } from './lab-smee.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Milliseconds within which a boot that has failed is known to have: the longest patience with a machine here is 20 s. */
const knownWithin = 40_000;

/** What the operator of the lab's provisioner can see, by no other means than those that every operator has. */
class Operator {
  readonly #place: Namespace;
  readonly #folder: string;
  /** `smee watch`. */
  #watch: LabProcess | undefined;

  constructor(place: Namespace, folder: string) {
    this.#place = place;
    this.#folder = folder;
  }

  run(...args: readonly string[]): LabProcess {
    return runNode(this.#place, 'cli/smee.ts', args, { cwd: this.#folder });
  }

  async watches(): Promise<void> {
    this.#watch = this.run('watch');
    await this.#watch.until(/watching all machines/);
  }

  /** Sees a machine's boot fail at a stage for a reason, in `smee watch`, and reads what to do in `smee boots`. */
  async seesFail(who: string, mac: string, { at, why, detail }: Failure): Promise<void> {
    const about = detail === undefined ? '' : ` (${detail})`;
    const failed = `failed at ${at}: ${why}${about} ${reasons[why].means} → ${reasons[why].action}`;
    const pattern = new RegExp(`^\\S+ +${who} +boot +✗ .*`, 'm');
    if (this.#watch === undefined) throw new Error('nobody watches');
    const [line] = await this.#watch.until(pattern, { within: knownWithin });
    expect(onOneLine(line)).to.contain(failed);
    expect(onOneLine(await this.run('boots', mac).done())).to.contain(failed);
  }

  /** Asks whether a machine would boot now, and is told that it would not, and why. */
  async isTold(mac: string, why: Reason): Promise<string> {
    const explain = this.run('explain', mac);
    expect(await explain.ended(), explain.output).to.equal(1);
    const told = onOneLine(explain.output);
    expect(told).to.match(/^✗ \S+ would not boot: /);
    expect(told.slice(0, 300)).to.contain(`would not boot: ${reasons[why].means}`);
    expect(told).to.contain(` ${why}: ${reasons[why].means}`);
    return told;
  }

  /** Asks the same about a machine that is answered well, and is told how its last boot ended all the same. */
  async isRemindedOf(mac: string, { at, why }: Failure): Promise<void> {
    const told = onOneLine(await this.run('explain', mac).done());
    expect(told).to.match(/^✓ \S+ would boot, as far as can be seen from here\./);
    expect(told).to.contain(`Its last boot failed at ${at} (${why}): ${reasons[why].means}`);
  }
}

/** How a boot ends: at which stage, why, and what the reason speaks of. */
export interface Failure {
  readonly at: 'dhcp' | 'tftp' | 'http';
  readonly why: Reason;
  readonly detail?: string;
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** A provisioner with machines on its bridge. */
export interface FailingLab extends AsyncDisposable {
  readonly lab: Lab;
  readonly operator: Operator;
  /** A machine on the provisioner's bridge. */
  machine(test: Mocha.Context, name: string, mac: string): Promise<PlayedMachine>;
  /** A machine on a host of the test's own. */
  play(test: Mocha.Context, host: Namespace): PlayedMachine;
}

/** The same with `smee up`. */
export interface RunningLab extends FailingLab {
  readonly smee: LabProcess;
  /** Applies records, and waits until the services answer by them. */
  apply(...nodes: readonly Node[]): Promise<void>;
}

/** A lab in which nothing runs yet. @param folder of the provisioner, to be removed by whoever made it */
async function createEmptyLab(test: Mocha.Context, folder: string): Promise<FailingLab> {
  const lab = await Lab.create(test);
  await writeFile(join(folder, 'lease-script'), leaseScript, { mode: 0o755 });
  const play = (context: Mocha.Context, host: Namespace) => new PlayedMachine(context, host, folder);
  return {
    lab,
    operator: new Operator(lab.prov, folder),
    play,
    machine: async (context, name, mac) => play(context, await lab.addClient(name, mac)),
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  };
}

/** `smee up --iface br0` in a lab, with loaders for x86 only, a kernel, a whole initrd and half a one. */
export async function createFailingLab(
  test: Mocha.Context,
  { records }: { readonly records?: string } = {},
): Promise<RunningLab> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder()).path;
  const net = stack.use(await createEmptyLab(test, folder));
  const { prov } = net.lab;
  const flags = ['--ipxe-dir', await makeLoaders(folder), '--artifact-dir', await makeArtifacts(folder)];
  if (records !== undefined) {
    await writeFile(join(folder, 'records.yaml'), records);
    flags.push('--backend', 'file', '--backend-file-path', 'records.yaml');
  }
  const impatient = ['--tftp-timeout', '1s'];
  const smee = net.operator.run('up', '--iface', 'br0', ...impatient, ...flags);
  await untilReadiness(prov, 200, 'hardware', 'dhcp', 'tftp', 'http', 'syslog');

  const owned = stack.move();
  return {
    ...net,
    smee,
    async apply(...nodes) {
      const { mark } = smee;
      await applyHardware(prov, nodes.map(document).join('---\n'));
      const last = new RegExp(`"name":"${nodes.at(-1)?.name}".*"revision":(\\d+)`);
      const [, revision] = await smee.until(last, { from: mark });
      await untilRevision(prov, 'http', Number(revision));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** DHCP on the bridge, for the first time ever, and nobody to ask about records yet. */
export async function createOrphanedLab(
  test: Mocha.Context,
): Promise<FailingLab & { startHardware(): Promise<void> }> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder()).path;
  const net = stack.use(await createEmptyLab(test, folder));
  const { prov } = net.lab;
  const start = (service: string, ...args: readonly string[]) =>
    runNode(prov, `services/${service}/main.ts`, args, { cwd: folder });
  start('dhcp', '--dhcp-iface', 'br0');
  await untilReadiness(prov, 503, 'dhcp');

  const owned = stack.move();
  return {
    ...net,
    async startHardware() {
      start('hardware');
      await untilReadiness(prov, 200, 'hardware', 'dhcp');
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function makeArtifacts(folder: string): Promise<string> {
  const artifacts = join(folder, 'artifacts');
  await mkdir(artifacts);
  const initrd = gzipSync(Buffer.from(Array.from({ length: 50_000 }, (_, at) => `${at}`).join(' ')));
  await writeFile(
    join(artifacts, 'vmlinuz-x86_64'),
    Buffer.alloc(100_000, 'of no format that anybody knows '),
  );
  await writeFile(join(artifacts, 'initramfs-x86_64'), initrd);
  await writeFile(join(artifacts, 'initramfs-half'), initrd.subarray(0, initrd.length / 2));
  return artifacts;
}
