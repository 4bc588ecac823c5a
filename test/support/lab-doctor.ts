import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { makeLoaders } from './cli.ts';
import { missing, need, unpackedFile } from './clients.ts';
import { Lab, type Namespace, provisioner } from './lab.ts';
import type { LabProcess } from './lab-process.ts';
import { applyHardware, runNode, type ServiceName, untilReadiness } from './lab-smee.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A machine that lives on the provisioner's bridge, and a host that tells the time there. */
const liveMachine = { mac: '52:54:00:77:00:07', address: '192.168.77.7' };
const timeServer = { mac: '52:54:00:77:00:03', address: '192.168.77.3' };

const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
const cli = fileURLToPath(new URL('../../cli/smee.ts', import.meta.url));

/** What `smee doctor --json` said. */
interface Diagnosis {
  readonly code: number | string;
  readonly codes: readonly string[];
  /** The details of the findings, one a line. */
  readonly details: string;
  readonly unseen: readonly string[];
}

/** A provisioner to be examined, in a network of its own. */
export interface Clinic extends AsyncDisposable {
  readonly lab: Lab;
  /** The machine that lives there. */
  readonly machine: Namespace;
  readonly time: LabProcess;
  readonly folder: string;
  readonly loaders: string;
  /** @param before a program that runs the doctor: setpriv, env */
  examine(args?: readonly string[], before?: readonly string[]): Promise<Diagnosis>;
  /** Runs `smee up` on the bridge, until it is up. */
  up(before?: readonly string[]): Promise<LabProcess>;
  /** Runs one service as a process of its own. */
  service(name: ServiceName, ...args: readonly string[]): LabProcess;
}

/** A lab with loaders, a machine, and a time server; what runs on the provisioner is for the test to say. */
export async function openClinic(test: Mocha.Context): Promise<Clinic> {
  for (const [command, from] of Object.entries({
    ping: 'iputils-ping',
    iptables: 'iptables',
    curl: 'curl',
  })) {
    need(test, command, from);
  }
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder()).path;
  const loaders = await makeLoaders(folder);
  const lab = stack.use(await Lab.create(test));
  const machine = await lab.addClient('machine', liveMachine.mac);
  await machine.setUp(`ip addr add ${liveMachine.address}/24 dev eth0`);
  const teller = await lab.addClient('time', timeServer.mac);
  await teller.setUp(`ip addr add ${timeServer.address}/24 dev eth0`);
  const time = runNode(teller, 'test/support/inside/time.ts');
  await time.until(/telling/);

  const run = (before: readonly string[], args: readonly string[]) => {
    const [program = '', ...words] = [...before, node, cli, ...args];
    return lab.prov.spawn(program, words, { cwd: folder });
  };
  const owned = stack.move();
  return {
    lab,
    machine,
    time,
    folder,
    loaders,
    async examine(args = [], before = []) {
      const doctor = run(before, ['doctor', '--json', ...args]);
      const code = await doctor.ended(20_000);
      const line = doctor.output.split('\n').find((one) => one.startsWith('{'));
      if (line === undefined) throw doctor.failure('gave no diagnosis');
      const { findings, unseen } = JSON.parse(line) as {
        findings: readonly { code: string; detail: string }[];
        unseen: readonly string[];
      };
      const details = findings.map(({ detail }) => detail).join('\n');
      return { code, codes: findings.map((one) => one.code), details, unseen };
    },
    async up(before = []) {
      const up = run(before, ['up', '--iface', 'br0', '--ipxe-dir', loaders]);
      await up.until(/smee is up/);
      await applyHardware(lab.prov, recordOf('machine', liveMachine.mac, liveMachine.address));
      return up;
    },
    service: (name, ...args) => runNode(lab.prov, `services/${name}/main.ts`, args, { cwd: folder }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Every service as a process of its own, but for those that are left out; ready, with a record. */
export async function startServices(
  { service, loaders, lab }: Clinic,
  without: readonly ServiceName[] = [],
): Promise<Partial<Record<ServiceName, LabProcess>>> {
  const args: Readonly<Record<ServiceName, readonly string[]>> = {
    hardware: [],
    dhcp: ['--dhcp-iface', 'br0', '--ipxe-dir', loaders],
    tftp: ['--ipxe-dir', loaders],
    http: ['--ipxe-dir', loaders],
    syslog: [],
  };
  const names = (Object.keys(args) as ServiceName[]).filter((name) => !without.includes(name));
  const started = Object.fromEntries(names.map((name) => [name, service(name, ...args[name])]));
  await untilReadiness(lab.prov, 200, ...names);
  await applyHardware(lab.prov, recordOf('machine', liveMachine.mac, liveMachine.address));
  return started;
}

export function recordOf(name: string, mac: string, address: string, arch = 'x86_64'): string {
  const ip = { address, netmask: '255.255.255.0', gateway: provisioner };
  return stringify({
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: { name },
    spec: {
      interfaces: [
        { dhcp: { mac, arch, ip, time_servers: [timeServer.address] }, netboot: { allowPXE: true } },
      ],
    },
  });
}

/** A command line's start that shifts the clock of what follows by so much (`+26h`), files and timers excepted. */
export function withClock(test: Mocha.Context, by: string): readonly string[] {
  const places = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map(
    (one) => `usr/lib/${one}/faketime/libfaketime.so.1`,
  );
  const library = places
    .flatMap((place) => [join('/', place), unpackedFile(place)])
    .find((one) => existsSync(one));
  if (library === undefined) missing(test, 'libfaketime is not here; .ci/install brings it');
  return [
    'env',
    `LD_PRELOAD=${library}`,
    `FAKETIME=${by}`,
    'FAKETIME_DONT_FAKE_MONOTONIC=1',
    'NO_FAKE_STAT=1',
  ];
}
