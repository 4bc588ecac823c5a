import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Lab } from './lab.ts';
import { leaseScript } from './lab-lease.ts';
import type { LabProcess } from './lab-process.ts';
import { applyHardware, runNode, untilReadiness, untilRevision } from './lab-smee.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What a test says about one machine, in the words of Tinkerbell's Hardware. */
export interface Node {
  readonly name: string;
  readonly dhcp: { readonly mac: string; readonly ip: object } & Readonly<Record<string, unknown>>;
  readonly netboot?: object;
  readonly disableDhcp?: boolean;
}

/** A lab with our hardware and DHCP services as processes of the provisioner, the latter on its bridges. */
export interface DhcpLab extends AsyncDisposable {
  readonly lab: Lab;
  readonly dhcp: LabProcess;
  /** The script that DHCP clients report to (lab-lease.ts). */
  readonly script: string;
  /** A folder of the test's own. */
  readonly folder: string;
  /** Applies records, and waits until DHCP answers by them. */
  apply(...nodes: readonly Node[]): Promise<void>;
}

/**
 * @param bridges beside `br0`: name → address with prefix
 * @param args of our DHCP service
 */
export async function createDhcpLab(
  test: Mocha.Context,
  bridges: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<DhcpLab> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder()).path;
  const lab = stack.use(await Lab.create(test));
  for (const [name, cidr] of Object.entries(bridges)) await lab.addBridge(name, cidr);
  const script = join(folder, 'lease-script');
  await writeFile(script, leaseScript);
  await chmod(script, 0o755);

  const hardware = runNode(lab.prov, 'services/hardware/main.ts', ['--sqlite-path', join(folder, 'smee.db')]);
  await untilReadiness(lab.prov, 200, 'hardware');
  const devices = ['br0', ...Object.keys(bridges)].join(',');
  const dhcp = runNode(lab.prov, 'services/dhcp/main.ts', [
    '--dhcp-iface',
    devices,
    '--snapshot-dir',
    folder,
    ...args,
  ]);
  await untilReadiness(lab.prov, 200, 'dhcp');

  const owned = stack.move();
  return {
    lab,
    dhcp,
    script,
    folder,
    async apply(...nodes) {
      const { mark } = hardware;
      await applyHardware(lab.prov, nodes.map(document).join('---\n'));
      const last = nodes.at(-1)?.name;
      const said = await hardware.until(new RegExp(`"name":"${last}".*"revision":(\\d+)`), { from: mark });
      const revision = Number(said[1]);
      await untilRevision(lab.prov, 'dhcp', revision);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

export function document({ name, dhcp, netboot = { allowPXE: false }, disableDhcp }: Node): string {
  return stringify({
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: { name },
    spec: { interfaces: [{ dhcp, netboot, ...(disableDhcp === undefined ? {} : { disableDhcp }) }] },
  });
}
