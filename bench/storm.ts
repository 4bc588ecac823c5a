import { type BenchLab, createBenchLab } from './bench-lab.ts';
import type { Effort, Figures, Scenario, Shown } from './scenario.ts';
import { askMetrics } from './service-metrics.ts';
import { fetchedBytes, type Ground, loaderBytes, prepareGround } from './storm-ground.ts';
import { type Ran, runStorm } from './storm-run.ts';
import { type Side, startPeers, startSmee, stopSide } from './storm-servers.ts';

const sizes = { full: 10_000, quick: 500 } as const;

/** Seconds that our own machines are given. */
const longest = 60;

/** The peers are given so many times as long as we took: who is not up by then is enough for the target. */
const patience = 3.1;

async function measure(effort: Effort): Promise<Figures> {
  await using lab = await createBenchLab(sizes[effort]);
  const ground = await prepareGround(lab);
  const [ours, told] = await stormOf(lab, ground, startSmee, longest, toldBy);
  const [theirs] = await stormOf(lab, ground, startPeers, ours.seconds * patience, () => Promise.resolve({}));
  return {
    ...figuresOf('smee', ours, sizes[effort]),
    ...figuresOf('peers', theirs, sizes[effort]),
    ...told,
    'smee / peers': ours.seconds / theirs.seconds,
  };
}

/** Starts a side, lets the machines power on, and asks what is to be asked before it ends. */
async function stormOf(
  lab: BenchLab,
  ground: Ground,
  start: (lab: BenchLab, ground: Ground) => Promise<Side>,
  seconds: number,
  ask: (lab: BenchLab) => Promise<Figures>,
): Promise<readonly [Ran, Figures]> {
  const side = await start(lab, ground);
  try {
    const ran = await runStorm(lab, side, { ...ground.plan, powerOn: { again: false }, seconds });
    return [ran, await ask(lab)];
  } finally {
    await stopSide(side);
  }
}

function figuresOf(name: string, ran: Ran, machines: number): Figures {
  const { seconds, up, again, dhcp, boot, left, cpu, spent } = ran;
  const figures = {
    seconds,
    up,
    'not up': machines - up,
    p50: dhcp.p50,
    p99: dhcp.p99,
    'boot p50': boot.p50 / 1000,
    ...Object.fromEntries(Object.entries(again).map(([what, count]) => [`again ${what}`, count])),
    ...Object.fromEntries(Object.entries(left).map(([stage, at]) => [`left ${stage}`, at])),
    ...Object.fromEntries(Object.entries(spent).map(([service, cost]) => [`cpu ${service}`, cost])),
    'cpu load': cpu,
  };
  return Object.fromEntries(Object.entries(figures).map(([figure, value]) => [`${name} ${figure}`, value]));
}

/** What the services told of the storm, or still will, and what they had to leave out. */
async function toldBy({ prov }: BenchLab): Promise<Figures> {
  const services = await askMetrics(prov, 'dhcp', 'tftp', 'http');
  const sum = (name: string) =>
    Object.values(services).reduce((total, figures) => total + (figures[name] ?? 0), 0);
  const of = (outcome: string) => sum(`smee_events_total outcome="${outcome}"`);
  return {
    'events told': of('told') + sum('smee_events_waiting'),
    'events left out': of('dropped') + of('limited'),
  };
}

const both = (what: string, figure: string, unit: string, digits = 0): Shown => ({
  what,
  columns: { smee: `smee ${figure}`, 'dnsmasq and nginx': `peers ${figure}` },
  unit,
  digits,
});

const stages = [
  ['rom', 'DHCP as a ROM'],
  ['loader', 'TFTP'],
  ['ipxe', 'DHCP as iPXE'],
  ['script', 'the script'],
  ['kernel', 'the kernel'],
] as const;

export const storm: Scenario = {
  title: `The storm: ${sizes.full} machines at once`,
  about: `Two network namespaces and a veth pair between them. ${sizes.full} machines, forty behind each relay, power on in the same moment
(\`bench/inside/storm-load.ts\`). Each says what was captured from real firmware (\`test/fixtures/captures\`): DHCP as a ROM, a loader of ${loaderBytes / 1000} KB over
TFTP, block by block (1468 bytes), DHCP as iPXE, its own script over HTTP, and, from the URL in that, the first ${fetchedBytes / 1e6} MB of the kernel, over one
connection from its own address. They have the patience of firmware: DHCP is asked again after 4, 8, 16 and 32 seconds (by one more or
less), TFTP after 4; TCP is the kernel's. They go before the servers where those would keep them from the processors (nice -5, as our DHCP does, on either side): real ones
have their own. Addresses, servers and boot files of every answer and every byte that is fetched are compared.

smee is its four services, each a process as in its image, freshly started; every exchange is logged and told to the hardware service, which shares the two
processors. Beside it dnsmasq (DHCP and TFTP; no line for an exchange, no lease file, which it would write as a whole at every ACK, no ping) and nginx (sendfile, one
script file for each machine, its access log). They are stopped after ${patience} times as long as smee took: then their time is *at least* that, and their last
machines are not up. DHCP latency runs from the first time that something was asked until its answer, however often it was asked.`,
  measure,
  rows: [
    {
      work: `the storm: ${sizes.full} machines at once, until the last has the first megabyte of its kernel`,
      unit: ' s',
      digits: 1,
      ours: 'smee seconds',
      peer: { name: 'dnsmasq and nginx, at least', figure: 'peers seconds' },
      ratio: 'smee / peers',
      limit: { name: 'the processor time of the machines themselves, one thread', figure: 'smee cpu load' },
      target: { figure: 'smee / peers', atMost: 1 / 3, unit: ' ×', digits: 2 },
    },
  ],
  shown: [
    both('until the last machine is up', 'seconds', ' s', 1),
    both('until half of them were up', 'boot p50', ' s', 1),
    both('machines up', 'up', ''),
    both('machines not up', 'not up', ''),
    both('DHCP: median', 'p50', ' ms', 1),
    both('DHCP: 99th percentile', 'p99', ' ms', 1),
    ...stages.map(([stage, name]) =>
      both(`the last was through with ${name} after`, `left ${stage}`, ' s', 1),
    ),
    ...['dhcp', 'tftp', 'http'].map((what) => both(`asked again: ${what}`, `again ${what}`, '')),
    ...['hardware', 'dhcp', 'tftp', 'http'].map((service) => ({
      what: `CPU of ${service}`,
      columns: { smee: `smee cpu ${service}` },
      unit: ' s',
      digits: 1,
    })),
    ...['dnsmasq', 'nginx'].map((service) => ({
      what: `CPU of ${service}`,
      columns: { 'dnsmasq and nginx': `peers cpu ${service}` },
      unit: ' s',
      digits: 1,
    })),
    both('CPU of the machines (the load)', 'cpu load', ' s', 1),
    { what: 'events told', columns: { smee: 'events told' }, unit: '' },
    { what: 'events left out, and counted', columns: { smee: 'events left out' }, unit: '' },
  ],
  targets: [
    { what: 'machines not up', figure: 'smee not up', atMost: 0, unit: '' },
    { what: 'DHCP, 99th percentile', figure: 'smee p99', atMost: 500, unit: ' ms' },
  ],
};
