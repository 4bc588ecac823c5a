import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatIp4 } from '#shared/ip4.ts';
import type { LabProcess } from '../test/support/lab-process.ts';
import { untilReadiness } from '../test/support/lab-smee.ts';
import { type BenchLab, needPeer, server, serverDevice } from './bench-lab.ts';
import { startNginx } from './nginx.ts';
import { asInImage, spawnInto } from './process.ts';
import { addressOfMachine, macOfMachine } from './records.ts';
import { type Ground, httpPort } from './storm-ground.ts';

/** The processes that serve a storm, by name. */
export type Side = Readonly<Record<string, LabProcess>>;

export async function stopSide(side: Side): Promise<void> {
  await Promise.all(Object.values(side).map((one) => one.stop()));
}

/** Our four services, each a process, as they are deployed. The hardware service runs already. */
export async function startSmee(
  { prov, folder, hardware }: BenchLab,
  { loaders, artifacts }: Ground,
): Promise<Side> {
  const all = ['--snapshot-dir', folder, '--ipxe-dir', loaders];
  const own = {
    dhcp: ['--dhcp-iface', serverDevice],
    tftp: [],
    http: ['--artifact-dir', artifacts],
  };
  const start = (service: keyof typeof own) =>
    spawnInto(join(folder, `${service}.log`), prov, ...asInImage(service, [...all, ...own[service]]));
  const side = { hardware, dhcp: start('dhcp'), tftp: start('tftp'), http: start('http') };
  await untilReadiness(prov, 200, 'dhcp', 'tftp', 'http');
  return side;
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
  for (const port of ["-lun 'sport = :67'", "-lun 'sport = :69'", `-ltn 'sport = :${httpPort}'`])
    await prov.setUp(`until ss -H ${port} | grep -q .; do sleep 0.1; done`);
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
