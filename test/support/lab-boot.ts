import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { Lab, provisioner } from './lab.ts';
import { announceNoRouter, type Firmware, type PowerOn, powerOn } from './lab-machine.ts';
import type { LabProcess } from './lab-process.ts';
import { applyHardware, runNode } from './lab-smee.ts';
import { makeUserland } from './lab-userland.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Where the lab's listener hears machines phone home. */
export const phonePort = 8099;

/** Milliseconds from power-on to a userland that phoned home: about 15 s on a quiet machine. */
const bootsWithin = 150_000;

/** A machine that a test powers on. */
export interface Empty {
  readonly name: string;
  readonly mac: string;
  readonly address: string;
  readonly firmware: Firmware;
  /** Stands in this machine's record and nowhere else. */
  readonly nonce: string;
  /** Of its record. */
  readonly labels?: Readonly<Record<string, string>>;
}

export function emptyMachine(name: string, number: number, firmware: Firmware): Empty {
  const mac = `52:54:00:77:01:${number.toString(16).padStart(2, '0')}`;
  return { name, mac, address: `192.168.77.${number}`, firmware, nonce: randomUUID() };
}

/** A lab with a kernel and a userland to boot, and somebody whom that userland phones. */
export interface BootLab extends AsyncDisposable {
  readonly lab: Lab;
  /** Where the provisioner runs: `assets/artifacts` and `data` are below. */
  readonly folder: string;
  /** @param netboot what its record says beside the defaults of a machine that may boot */
  apply(machine: Empty, netboot?: object): Promise<void>;
  /**
   * Powers a machine on, and waits until its userland told its nonce. Its serial line is kept when it does not.
   * @param how another machine than `powerOn` makes
   */
  boot(test: Mocha.Context, machine: Empty, how?: PowerOn): Promise<void>;
}

export async function createBootLab(test: Mocha.Context): Promise<BootLab> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder()).path;
  const lab = stack.use(await Lab.create(test));
  await makeUserland(test, lab.prov, join(folder, 'assets/artifacts'), 'x86_64');
  await announceNoRouter(test, lab);
  const phone = runNode(lab.prov, 'test/support/inside/listen.ts', [String(phonePort)]);
  await phone.until(/listening/);
  const owned = stack.move();
  return {
    lab,
    folder,
    apply: async (machine, netboot) => await applyHardware(lab.prov, record(machine, netboot)),
    boot: (context, machine, how = powerOn) => boot(context, lab, phone, machine, how),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function boot(
  test: Mocha.Context,
  lab: Lab,
  phone: LabProcess,
  machine: Empty,
  how: PowerOn,
): Promise<void> {
  const running = await how(test, lab, machine);
  try {
    await running.until(/userland: done/, { within: bootsWithin });
    expect(phone.output).to.include(`${machine.address} asked for /?nonce=${machine.nonce}\n`);
    await running.ended();
  } catch (error) {
    await keep(`${machine.name}.serial.log`, running.output);
    await keep(`${machine.name}.lab.log`, lab.logs());
    throw error;
  } finally {
    await running.stop();
  }
}

/** Writes what helps to understand a failure into test/e2e/artifacts. */
async function keep(name: string, text: string): Promise<void> {
  const artifacts = new URL('../e2e/artifacts/', import.meta.url);
  await mkdir(artifacts, { recursive: true });
  await writeFile(new URL(name, artifacts), text);
}

function record({ name, mac, address, nonce, labels = {} }: Empty, netboot: object = {}): string {
  const ip = { address, netmask: '255.255.255.0', gateway: provisioner };
  const kernelParams = [`phone_home=http://${provisioner}:${phonePort}/`, `nonce=${nonce}`];
  return stringify({
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: { name, labels },
    spec: {
      interfaces: [
        {
          dhcp: { mac, hostname: name, arch: 'x86_64', ip },
          netboot: { allowPXE: true, osie: { kernelParams }, ...netboot },
        },
      ],
    },
  });
}
