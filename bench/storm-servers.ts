import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatIp4 } from '#shared/ip4.ts';
import type { LabProcess } from '../test/support/lab-process.ts';
import { untilReadiness } from '../test/support/lab-smee.ts';
import { type BenchLab, needPeer, server, serverDevice } from './bench-lab.ts';
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
export async function startPeers(
  { prov, folder }: BenchLab,
  { loaders, artifacts, plan }: Ground,
): Promise<Side> {
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
  const nginx = await startNginx({ prov, folder }, artifacts, plan);
  for (const port of ["-lun 'sport = :67'", "-lun 'sport = :69'", `-ltn 'sport = :${httpPort}'`])
    await prov.setUp(`until ss -H ${port} | grep -q .; do sleep 0.1; done`);
  return { dnsmasq, nginx };
}

/** As Debian sets it up: sendfile, tcp_nopush, a worker for each core, and an access log. */
async function startNginx(
  { prov, folder }: Pick<BenchLab, 'prov' | 'folder'>,
  artifacts: string,
  { machines, script }: Ground['plan'],
): Promise<LabProcess> {
  const root = join(folder, 'www');
  const template = await readFile(script.path, 'utf8');
  mkdirSync(root);
  for (let machine = 0; machine < machines; machine++) {
    const mac = macOfMachine(machine);
    mkdirSync(join(root, mac));
    const text = template.replaceAll('@mac@', mac).replaceAll('@machine@', String(machine));
    writeFileSync(join(root, mac, 'auto.ipxe'), text);
  }
  const config = join(folder, 'nginx.conf');
  await writeFile(
    config,
    `daemon off; user root; pid ${folder}/nginx.pid; error_log ${folder}/nginx-error.log;
worker_processes auto; worker_rlimit_nofile 65536;
events { worker_connections 20000; }
http {
  sendfile on; tcp_nopush on; types_hash_max_size 2048;
  access_log ${folder}/nginx-access.log;
  client_body_temp_path ${folder}/nginx-body; proxy_temp_path ${folder}/nginx-proxy;
  fastcgi_temp_path ${folder}/nginx-fastcgi; uwsgi_temp_path ${folder}/nginx-uwsgi; scgi_temp_path ${folder}/nginx-scgi;
  server {
    listen ${httpPort};
    root ${root};
    location /artifacts/ { alias ${artifacts}/; }
  }
}
`,
  );
  return spawnInto(join(folder, 'nginx.log'), prov, needPeer('nginx'), [
    '-e',
    `${folder}/nginx-error.log`,
    '-c',
    config,
  ]);
}
