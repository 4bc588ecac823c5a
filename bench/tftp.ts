import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabProcess } from '../test/support/lab-process.ts';
import { runNode, untilReadiness } from '../test/support/lab-smee.ts';
import { type BenchLab, client, createBenchLab, needPeer, server, serverDevice } from './bench-lab.ts';
import { asInImage, cpuSecondsWithChildren, spawnInto } from './process.ts';
import type { Effort, Figures, Scenario } from './scenario.ts';

const megabyte = 1_000_000;

/** Where the machines' addresses begin; the load's namespace takes all of this network for its own. */
const firstMachine = '10.78.0.1';
const machinesNet = '10.78.0.0/16';

interface Server {
  readonly name: 'smee' | 'tftpd-hpa' | 'dnsmasq';
  start(lab: BenchLab, root: string): Promise<LabProcess>;
}

const servers: readonly Server[] = [
  {
    name: 'smee',
    async start({ prov, folder }, root) {
      const how = asInImage('tftp', ['--tftp-asset-dir', root, '--snapshot-dir', folder]);
      const tftp = spawnInto(join(folder, 'smee.log'), prov, ...how);
      await untilReadiness(prov, 200, 'tftp');
      return tftp;
    },
  },
  {
    name: 'tftpd-hpa',
    async start({ prov, folder }, root) {
      const how = ['-L', '--user', 'nobody', '--address', `${server}:69`, '--secure', root];
      return spawnInto(join(folder, 'tftpd.log'), prov, needPeer('in.tftpd'), how);
    },
  },
  {
    name: 'dnsmasq',
    async start({ prov, folder }, root) {
      const how = [
        '--keep-in-foreground',
        '--port=0',
        '--log-facility=-',
        '--conf-file=/dev/null',
        '--enable-tftp',
      ];
      const where = [`--tftp-root=${root}`, '--tftp-max=2000', `--interface=${serverDevice}`, '--user=root'];
      return spawnInto(join(folder, 'dnsmasq.log'), prov, needPeer('dnsmasq'), [...how, ...where]);
    },
  },
];

/** What is fetched, by how many at once, in blocks of 1468 bytes (an Ethernet frame), and in which windows. */
const loads = [
  { name: 'one', machines: 1, bytes: 32 * megabyte, window: 1 },
  { name: 'windows', machines: 1, bytes: 32 * megabyte, window: 16 },
  { name: 'hundred', machines: 100, bytes: megabyte, window: 1 },
  { name: 'thousand', machines: 1000, bytes: megabyte, window: 1 },
] as const;

async function measure(effort: Effort): Promise<Figures> {
  await using lab = await createBenchLab(1);
  const root = join(lab.folder, 'tftp');
  await mkdir(root);
  // tftpd-hpa reads as nobody.
  await chmod(lab.folder, 0o755);
  for (const bytes of new Set(loads.map((load) => load.bytes)))
    await writeFile(join(root, `${bytes}`), randomBytes(bytes));
  await lab.load.setUp(`ip route add local ${machinesNet} dev lo`);
  await lab.prov.setUp(`ip route add ${machinesNet} via ${client}`);

  const figures: Record<string, number> = {};
  for (const one of servers) {
    await using running = await one.start(lab, root);
    for (const { name, machines, bytes, window } of loads) {
      if (effort === 'quick' && machines === 1000 && one.name !== 'smee') continue;
      const file = `${bytes}`;
      const args = [server, firstMachine, file, join(root, file), `${machines}`, '1468', `${window}`];
      const before = await cpuSecondsWithChildren(running);
      const said = await runNode(lab.load, 'bench/inside/tftp-load.ts', args).done(90_000);
      const spent = (await cpuSecondsWithChildren(running)) - before;
      const { done, wrong, again, seconds } = JSON.parse(said) as Record<string, number>;
      if (wrong !== 0) throw new Error(`${one.name} sent ${wrong} wrong blocks`);
      figures[`${one.name} ${name} rate`] = ((done ?? 0) * bytes) / (seconds ?? 0) / megabyte;
      figures[`${one.name} ${name} cpu`] = (spent * 1e3) / (((done ?? 0) * bytes) / megabyte);
      figures[`${one.name} ${name} failed`] = machines - (done ?? 0);
      figures[`${one.name} ${name} again`] = again ?? 0;
    }
  }
  for (const { name } of loads) {
    const rate = (peer: string) => figures[`${peer} ${name} rate`] ?? Number.NaN;
    for (const peer of ['tftpd-hpa', 'dnsmasq']) figures[`${name} / ${peer}`] = rate('smee') / rate(peer);
  }
  figures['windows / one'] = (figures['smee windows rate'] ?? 0) / (figures['smee one rate'] ?? Number.NaN);
  return figures;
}

const row = (what: string, load: string, figure: string, unit: string, digits = 0) => ({
  what,
  columns: {
    smee: `smee ${load} ${figure}`,
    'tftpd-hpa': `tftpd-hpa ${load} ${figure}`,
    dnsmasq: `dnsmasq ${load} ${figure}`,
    ...(figure === 'rate' && {
      'smee / tftpd-hpa': `${load} / tftpd-hpa`,
      'smee / dnsmasq': `${load} / dnsmasq`,
    }),
  },
  unit,
  digits,
});

export const tftp: Scenario = {
  title: 'TFTP, beside tftpd-hpa and dnsmasq',
  about: `Two network namespaces and a veth pair between them. Machines, each with an address of its own, fetch a file in blocks of 1468
bytes (\`bench/inside/tftp-load.ts\`), and compare every byte of it. One machine alone fetches 32 MB, block by block and in windows of
16 (RFC 7440; tftpd-hpa and dnsmasq do not know them); a hundred and a thousand fetch 1 MB each, all at once. Who hears nothing for two
seconds asks again. CPU is of the server and of the children that it waited for.`,
  measure,
  shown: [
    row('one machine, MB/s', 'one', 'rate', ''),
    row('one machine, windows of 16, MB/s', 'windows', 'rate', ''),
    row('100 machines, MB/s', 'hundred', 'rate', ''),
    row('100 machines: CPU, ms per MB', 'hundred', 'cpu', '', 1),
    row('100 machines: failed', 'hundred', 'failed', ''),
    row('1000 machines, MB/s', 'thousand', 'rate', ''),
    row('1000 machines: CPU, ms per MB', 'thousand', 'cpu', '', 1),
    row('1000 machines: failed', 'thousand', 'failed', ''),
    row('1000 machines: asked again', 'thousand', 'again', ''),
  ],
  targets: [{ what: 'of 1000 machines failed', figure: 'smee thousand failed', atMost: 0, unit: '' }],
};
