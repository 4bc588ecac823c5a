import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatIp4 } from '#shared/ip4.ts';
import type { LabProcess } from '../test/support/lab-process.ts';
import { type BenchLab, needPeer, server, serverDevice, startService, untilListens } from './bench-lab.ts';
import { startNginx } from './nginx.ts';
import { spawnInto } from './process.ts';
import { addressOfMachine, macOfMachine } from './records.ts';
import { type Ground, httpPort } from './storm-ground.ts';

/** The processes that serve a storm, by name. */
export type Side = Readonly<Record<string, LabProcess>>;

export async function stopSide(side: Side): Promise<void> {
  await Promise.all(Object.values(side).map((one) => one.stop()));
}

/** Our four services, each a process, as they are deployed. The hardware service runs already. */
export async function startSmee(lab: BenchLab, { loaders, artifacts }: Ground): Promise<Side> {
  const all = ['--ipxe-dir', loaders];
  const [dhcp, tftp, http] = await Promise.all([
    startService(lab, 'dhcp', [...all, '--dhcp-iface', serverDevice]),
    startService(lab, 'tftp', all),
    startService(lab, 'http', [...all, '--artifact-dir', artifacts]),
  ]);
  return { hardware: lab.hardware, dhcp, tftp, http };
}

/**
 * dnsmasq for DHCP and TFTP, nginx for scripts and kernel. dnsmasq is set up as its own manual says for many machines, and where
 * there is a choice, for speed: no line for each exchange, no lease file (it writes the whole of it at each ACK), no ping.
 */
export async function startPeers(lab: BenchLab, { loaders, artifacts, plan }: Ground): Promise<Side> {
  const { prov, folder } = lab;
  const hosts = Array.from(
    { length: plan.machines },
    (_, machine) =>
      `dhcp-host=${macOfMachine(machine)},${formatIp4(addressOfMachine(machine))},machine-${machine}`,
  );
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is iPXE that expands it.
  const scriptUrl = plan.script.url.replace('@mac@', '${net0/mac}');
  const config = join(folder, 'dnsmasq.conf');
  const lines = [
    'port=0',
    'user=root',
    `interface=${serverDevice}`,
    'dhcp-range=10.77.0.0,static,255.255.0.0,1h',
    `dhcp-option=3,${server}`,
    'dhcp-authoritative',
    'dhcp-lease-max=20000',
    'leasefile-ro',
    'no-ping',
    'quiet-dhcp',
    'quiet-tftp',
    'enable-tftp',
    `tftp-root=${loaders}`,
    'tftp-max=20000',
    'dhcp-match=set:ipxe,175',
    `dhcp-boot=tag:ipxe,${scriptUrl}`,
    `dhcp-boot=tag:!ipxe,${plan.loader.name}`,
    ...hosts,
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  const how = ['--keep-in-foreground', '--log-facility=-', `--conf-file=${config}`];
  // A descriptor for each transfer.
  const limit = ['-c', 'ulimit -n 65536; exec "$0" "$@"', needPeer('dnsmasq')];
  const dnsmasq = spawnInto(join(folder, 'dnsmasq.log'), prov, 'sh', [...limit, ...how]);
  const scripts = join(folder, 'www');
  writeScripts(scripts, await readFile(plan.script.path, 'utf8'), plan.machines);
  const locations = `root ${scripts}; location /artifacts/ { alias ${artifacts}/; }`;
  const nginx = await startNginx(lab, httpPort, locations);
  for (const port of [67, 69]) await untilListens(prov, 'udp', port);
  return { dnsmasq, nginx };
}

/** Each machine's script as a file, for a server that knows nothing else. */
function writeScripts(root: string, template: string, machines: number): void {
  mkdirSync(root);
  for (let machine = 0; machine < machines; machine++) {
    const mac = macOfMachine(machine);
    mkdirSync(join(root, mac));
    const text = template.replaceAll('@mac@', mac).replaceAll('@machine@', String(machine));
    writeFileSync(join(root, mac, 'auto.ipxe'), text);
  }
}
