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

/** The largest first: who compiles while he runs is warm then. */
const blockByBlock = [thousand, hundred, one];

const crowdsInWindows: readonly Load[] = [hundred, thousand].flatMap((load) =>
  [4, 16].map((window) => ({ ...load, name: `${load.name} by ${window}`, window })),
);

/** The peers know no windows: these are only ours. */
const inWindows = (effort: Effort) => (effort === 'quick' ? [windows] : [windows, ...crowdsInWindows]);

/** Of what is fetched in full, in a quick run. */
const quickPart = 1 / 20;

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
    for (const load of who === ours ? [...blockByBlock, ...inWindows(effort)] : blockByBlock)
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
  return {
    'windows / one': rate('smee', windows) / rate('smee', one),
    ...Object.fromEntries(blockByBlock.map((load) => [`peer ${load.name} rate`, fastest(load)])),
    ...Object.fromEntries(
      blockByBlock.map((load) => [`${load.name} / peer`, rate('smee', load) / fastest(load)]),
    ),
    ...Object.fromEntries(
      crowdsInWindows.map((load) => {
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

/** Every block is a datagram of its own to another peer, and the kernel's part of that is the same for every server. */
const crowd = {
  tried: `batches of 8 to 64 datagrams, waiting awake, one copy of each block instead of two; and in the bare server, none of them beyond the
  noise: no IP_PKTINFO, the DF bit, scatter/gather or a copy, batches of 16, 32 and 64.`,
  profile: `no server sends a block for much less than dnsmasq does. It costs the bare server in C 4.7 µs of CPU, dnsmasq 5.9, ours 7.0, and
  the machines themselves 6 to 7 µs of the other core; three times dnsmasq's rate would leave 2.0. Of ours two thirds are \`sendmmsg\`, in
  which veth also carries the block to its receiver's socket, and a seventh is JavaScript. One call can carry many blocks
  (UDP_SEGMENT) only to a machine that takes several before it answers: the rows with windows, as EDK2 asks for them.`,
};

const likeHundred = {
  tried: 'what was tried with 100 machines, whose wall it is, too.',
  profile:
    'as with 100 machines. Both peers also lose hundreds of requests and ACKs, which their machines repeat; ours loses none.',
};

function wallOf({ name }: Load, { tried, profile }: Pick<Wall, 'tried' | 'profile'>): Wall {
  const promise = 'TFTP to many at once';
  return {
    promise,
    floor: { figure: `${name} / peer`, atLeast: 0.6, unit: ' ×', digits: 1 },
    tried,
    profile,
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
4, which EDK2 asks for, and of 16. Every server begins with the thousand, so that it is warm. Who hears nothing for two seconds asks again.

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
    rowOf('100 machines at once, 1 MB each', hundred, 3, wallOf(hundred, crowd)),
    rowOf('1000 machines at once, 1 MB each', thousand, 3, wallOf(thousand, likeHundred)),
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
    ...crowdsInWindows.map((load) =>
      shownOf(`${load.machines} machines, windows of ${load.window}, MB/s`, load, 'rate'),
    ),
  ],
  targets: [hundred, thousand].map((load) => ({
    what: `${load.machines} machines: failed or asked again`,
    figure: `smee ${load.name} lost`,
    atMost: 0,
    unit: '',
  })),
};
