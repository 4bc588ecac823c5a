import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabProcess } from '../test/support/lab-process.ts';
import { type BenchLab, createBenchLab } from './bench-lab.ts';
import type { Effort, Figures, Row, Scenario, Shown, Wall } from './scenario.ts';
import { fetchAll, megabyte, shareFolder } from './tftp-fetch.ts';
import { ours, peers, startBare } from './tftp-servers.ts';

/** What is fetched, by how many at once, and in which windows. */
interface Load {
  readonly name: string;
  readonly machines: number;
  readonly megabytes: number;
  readonly window: number;
}

const one: Load = { name: 'one', machines: 1, megabytes: 32, window: 1 };
const windows: Load = { name: 'windows', machines: 1, megabytes: 32, window: 16 };
const hundred: Load = { name: 'hundred', machines: 100, megabytes: 1, window: 1 };
const thousand: Load = { name: 'thousand', machines: 1000, megabytes: 1, window: 1 };

/** The peers know no windows: these are only ours. */
const inWindows: readonly Load[] = [hundred, thousand].flatMap((load) =>
  [4, 16].map((window) => ({ ...load, name: `${load.name} by ${window}`, window })),
);

/** Of what is fetched in full, in a quick run. */
const quickPart = 1 / 8;

async function measure(effort: Effort): Promise<Figures> {
  await using lab = await createBenchLab(1);
  const root = await shareFolder(lab);
  const part = effort === 'quick' ? quickPart : 1;
  const fileOf = ({ megabytes }: Load) => join(root, `${megabytes * part}MB`);
  for (const load of [one, hundred])
    await writeFile(fileOf(load), randomBytes(load.megabytes * part * megabyte));

  const figures: Record<string, number> = {};
  for (const who of [ours, ...peers]) {
    await using running = await who.start(lab, root);
    for (const load of [one, windows, hundred, thousand, ...(who === ours ? inWindows : [])])
      Object.assign(figures, await fetchLoad(lab, who.name, running, load, fileOf(load)));
  }
  for (const load of [one, windows, hundred, thousand]) {
    await using running = startBare(lab, fileOf(load), load.window);
    Object.assign(figures, await fetchLoad(lab, 'bare', running, load, fileOf(load)));
  }
  return { ...figures, ...compared(figures) };
}

/** The same, under the names that the table looks for. */
async function fetchLoad(
  lab: BenchLab,
  name: string,
  running: LabProcess,
  load: Load,
  file: string,
): Promise<Figures> {
  const fetched = await fetchAll(lab, name, running, load, file);
  return Object.fromEntries(
    Object.entries(fetched).map(([figure, value]) => [`${name} ${load.name} ${figure}`, value]),
  );
}

/** Ours by the faster peer's, within this run. Peers know no windows: who asks for some fetches block by block from them. */
function compared(figures: Figures): Figures {
  const rate = (who: string, { name }: Load) => figures[`${who} ${name} rate`] ?? Number.NaN;
  const fastest = (load: Load) => Math.max(...peers.map(({ name }) => rate(name, load)));
  const blockByBlock = [one, hundred, thousand];
  return {
    'windows / one': rate('smee', windows) / rate('smee', one),
    ...Object.fromEntries(blockByBlock.map((load) => [`peer ${load.name} rate`, fastest(load)])),
    ...Object.fromEntries(
      blockByBlock.map((load) => [`${load.name} / peer`, rate('smee', load) / fastest(load)]),
    ),
    ...Object.fromEntries(
      inWindows.map((load) => {
        const like = load.machines === hundred.machines ? hundred : thousand;
        return [`${load.name} / peer`, rate('smee', load) / fastest(like)];
      }),
    ),
  };
}

const faster = 'the faster of tftpd-hpa and dnsmasq';

function rowOf(work: string, { name }: Load, atLeast: number, wall?: Wall): Row {
  return {
    work: `TFTP: ${work}`,
    unit: ' MB/s',
    ours: `smee ${name} rate`,
    peer: { name: faster, figure: `peer ${name} rate` },
    ratio: `${name} / peer`,
    limit: { name: 'a bare server in C', figure: `bare ${name} rate` },
    target: { figure: `${name} / peer`, atLeast, unit: ' ×', digits: 1 },
    ...(wall !== undefined && { wall }),
  };
}

/** Many machines block by block: every block is a datagram of its own to another peer, and the kernel's part of that is the same for all. */
function crowded({ name }: Load): Wall {
  return {
    floor: { figure: `${name} / peer`, atLeast: 0.6, unit: ' ×', digits: 1 },
    tried: `batches of 8 to 64 datagrams, no IP_PKTINFO, the DF bit, blocks by scatter/gather instead of copied, waiting awake, and all of that in C.`,
    profile: `no server sends a block in much less than dnsmasq does. The bare server in C needs 4.7 µs of CPU for each, dnsmasq 5.9, ours 7.0
  (3 times dnsmasq's rate would be 2.0), and the machines themselves need 6 to 7 µs of the other core. Of ours two thirds are
  \`sendmmsg\`, in which veth also carries the block to its receiver's socket; JavaScript is a seventh. One call for many blocks (UDP_SEGMENT) needs one
  peer that takes several: windows, as EDK2 asks for, are below.`,
  };
}

function shownOf(what: string, { name }: Load, figure: string, digits = 0): Shown {
  const all = ['smee', ...peers.map((peer) => peer.name), 'bare'];
  // tftpd-hpa fetches with children that it never waits for: the kernel does not say what they cost.
  const known = all.filter((who) => figure !== 'cpu' || who !== 'tftpd-hpa');
  return {
    what,
    columns: {
      ...Object.fromEntries(known.map((who) => [who, `${who} ${name} ${figure}`])),
      ...(figure === 'rate' && { 'smee / faster peer': `${name} / peer` }),
    },
    unit: '',
    digits,
  };
}

export const tftp: Scenario = {
  title: 'TFTP, beside tftpd-hpa and dnsmasq',
  about: `Two network namespaces and a veth pair between them. Machines, each with an address of its own, fetch a file in blocks of 1468
bytes, and compare every byte of it. One machine alone fetches 32 MB, block by block and in windows of 16 (RFC 7440; tftpd-hpa 5.2 and
dnsmasq 2.90 do not know them and go on block by block); a hundred and a thousand fetch 1 MB each, all at once, block by block and in windows of
4, which EDK2 asks for, and of 16. Who hears nothing for two seconds asks again.

The machines are one process (\`bench/inside/tftp-load.ts\`) with one socket, which sends and receives in batches; what it costs stands
beside what the server costs. The bare server (\`bench/inside/tftp-bare.c\`) is the limit: a program in C with the same two system calls that
answers each ACK with the next block of the one file that it holds in memory. It knows no other file, no options, no clients and no timeouts, and never
sleeps, so that its CPU says nothing where it waits.`,
  measure,
  rows: [
    rowOf('one machine, block by block', one, 1.2),
    {
      work: 'TFTP: one machine, windows of 16 blocks',
      unit: ' MB/s',
      ours: 'smee windows rate',
      peer: { name: 'itself, block by block', figure: 'smee one rate' },
      ratio: 'windows / one',
      limit: { name: 'a bare server in C', figure: 'bare windows rate' },
      target: { figure: 'windows / one', atLeast: 5, unit: ' ×', digits: 1 },
    },
    rowOf('100 machines at once, 1 MB each', hundred, 3, crowded(hundred)),
    rowOf('1000 machines at once, 1 MB each', thousand, 3, crowded(thousand)),
  ],
  shown: [
    shownOf('one machine, MB/s', one, 'rate'),
    shownOf('one machine, windows of 16, MB/s', windows, 'rate'),
    shownOf('100 machines, MB/s', hundred, 'rate'),
    shownOf('100 machines: CPU of the server, ms per MB', hundred, 'cpu', 1),
    shownOf('100 machines: CPU of the load, ms per MB', hundred, 'load cpu', 1),
    shownOf('100 machines: failed', hundred, 'failed'),
    shownOf('1000 machines, MB/s', thousand, 'rate'),
    shownOf('1000 machines: CPU of the server, ms per MB', thousand, 'cpu', 1),
    shownOf('1000 machines: CPU of the load, ms per MB', thousand, 'load cpu', 1),
    shownOf('1000 machines: failed', thousand, 'failed'),
    shownOf('1000 machines: asked again', thousand, 'again'),
    ...inWindows.map((load) =>
      shownOf(`${load.machines} machines, windows of ${load.window}, MB/s`, load, 'rate'),
    ),
  ],
  targets: [hundred, thousand, ...inWindows].map((load) => ({
    what: `${load.machines} machines, windows of ${load.window}: failed or asked again`,
    figure: `smee ${load.name} lost`,
    atMost: 0,
    unit: '',
  })),
};
