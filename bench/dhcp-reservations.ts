import type { LabProcess } from '../test/support/lab-process.ts';
import { type BenchLab, clientDevice, createBenchLab, server } from './bench-lab.ts';
import { type Asked, inFlight, type Load, ownLoad, pacedLoad, untilAnswered } from './dhcp-generators.ts';
import { overload } from './dhcp-overload.ts';
import { type DhcpServer, dhcpServers, startEcho } from './dhcp-servers.ts';
import { climb } from './perfdhcp.ts';
import type { Effort, Figures, Row, Scenario } from './scenario.ts';

const machines = 10_000;
const peers = ['Kea', 'dhcpd'] as const;

/** Exchanges per second at which answers are timed. */
const pace = 4000;

/** Seconds that each load lasts. dnsmasq, which is much slower, is asked for twice as long. */
const lasting = { quick: 0.5, full: 1.5 } as const;

/** One run: each server in its turn on the same wire, under the same loads. */
async function measure(effort: Effort): Promise<Figures> {
  await using lab = await createBenchLab(machines);
  const figures: Record<string, number> = {};
  for (const one of dhcpServers) {
    await using process = await one.start(lab, machines);
    const asked = { process, machines, varying: one.varying ?? [] };
    // Until it listens.
    await untilAnswered(() => ownLoad(lab, { ...asked, machines: 1 }, 0));
    if (one.name === 'dnsmasq') put(figures, 'dnsmasq own', await ownLoad(lab, asked, lasting[effort] * 2));
    else await measureServer(lab, one, asked, effort, figures);
  }
  await using echo = startEcho(lab, figures['answer bytes'] ?? 0);
  await measureEcho(lab, echo, effort, figures);
  compare(figures);
  return figures;
}

async function measureServer(
  lab: BenchLab,
  { name }: DhcpServer,
  asked: Asked,
  effort: Effort,
  figures: Record<string, number>,
): Promise<void> {
  const seconds = lasting[effort];
  put(figures, `${name} cold`, await ownLoad(lab, asked, 0));
  // Before the rest: meanwhile smee tells the hardware service of all those first exchanges, and is then as it is after a while.
  if (effort === 'full') put(figures, `${name} perfdhcp`, await climb(lab, name, asked.process, machines));
  // What V8 makes of a program depends on what it has done.
  if (name === 'smee') await ownLoad(lab, asked, seconds);
  const own = await ownLoad(lab, asked, seconds);
  put(figures, `${name} own`, own);
  const paced = await pacedLoad(lab, asked, pace, seconds * 1.5);
  put(figures, `${name} paced`, paced);
  for (const figure of ['p50', 'p99', 'late'] as const) figures[`${name} paced ${figure}`] = paced[figure];
  if (name === 'smee') {
    figures['load cpu'] = own.loadCpu;
    figures['answer bytes'] = own.answerBytes;
    Object.assign(figures, await overload(lab, asked, own.rate, seconds));
  }
}

async function measureEcho(
  lab: BenchLab,
  process: LabProcess,
  effort: Effort,
  figures: Record<string, number>,
): Promise<void> {
  const asked = { process, machines, echo: true };
  await untilAnswered(() => ownLoad(lab, { ...asked, machines: 1 }, 0));
  await ownLoad(lab, asked, lasting[effort] / 2);
  const own = await ownLoad(lab, asked, lasting[effort]);
  put(figures, 'echo own', own);
  figures['echo load cpu'] = own.loadCpu;
  const paced = await pacedLoad(lab, asked, pace, lasting[effort] * 1.5);
  put(figures, 'echo paced', paced);
  for (const figure of ['p50', 'p99', 'late'] as const) figures[`echo paced ${figure}`] = paced[figure];
}

function compare(figures: Record<string, number>): void {
  const of = (name: string) => figures[name] ?? Number.NaN;
  for (const load of ['cold', 'own', 'paced', 'perfdhcp']) {
    for (const figure of ['rate', 'cpu', 'p50', 'p99']) {
      const all = peers.map((peer) => of(`${peer} ${load} ${figure}`));
      const best = figure === 'rate' ? Math.max(...all) : Math.min(...all);
      figures[`best ${load} ${figure}`] = best;
      figures[`${load} ${figure} / best`] = of(`smee ${load} ${figure}`) / best;
      for (const peer of [...peers, 'dnsmasq', 'echo'])
        figures[`${load} ${figure} / ${peer}`] =
          of(`smee ${load} ${figure}`) / of(`${peer} ${load} ${figure}`);
    }
  }
  // What the load cannot hide: where it is the load that is the limit, the rates come close, and the costs do not.
  figures['of the echo'] = Math.min(of('own rate / echo'), 1 / of('own cpu / echo'));
}

function put(figures: Record<string, number>, name: string, { rate, cpu, dropped }: Load): void {
  figures[`${name} rate`] = rate;
  figures[`${name} cpu`] = cpu;
  figures[`${name} dropped`] = dropped * 100;
}

const each = (load: string, figure: string) => ({
  smee: `smee ${load} ${figure}`,
  Kea: `Kea ${load} ${figure}`,
  dhcpd: `dhcpd ${load} ${figure}`,
  dnsmasq: `dnsmasq ${load} ${figure}`,
  echo: `echo ${load} ${figure}`,
  'smee / Kea': `${load} ${figure} / Kea`,
  'smee / dhcpd': `${load} ${figure} / dhcpd`,
});

const echo = 'a bare echo in C';

const rows: readonly Row[] = [
  {
    work: `DHCP: four-way exchanges, ${machines} reservations`,
    unit: '/s',
    ours: 'smee own rate',
    peer: { name: 'the faster of Kea and dhcpd', figure: 'best own rate' },
    ratio: 'own rate / best',
    limit: { name: echo, figure: 'echo own rate' },
    target: { figure: 'own rate / best', atLeast: 10, unit: '×', digits: 1 },
    wall: {
      promise: 'DHCP rate',
      floor: { figure: 'own rate / best', atLeast: 2.5, unit: '×', digits: 1 },
      tried: `Log lines as bytes, answers from memory, batches of 16; the load without an event loop
(half of its cost). Not UDP_SEGMENT: a relay on the same host that reads a raw socket would see one packet that is too long. Not
threads (docs/decisions/0009-the-kernel-drops-the-newest.md).`,
      profile: `Nearly three quarters of the process's time are the kernel's, more than half are \`sendmmsg\`, in which veth also carries the
packet into the other namespace. The bare echo, which does nothing else, is itself less than ten times as fast as the faster peer:
nobody can be, over this wire, on two cores of which one carries the load.`,
    },
  },
  {
    work: `DHCP: four-way exchanges, beside dnsmasq`,
    unit: '/s',
    ours: 'smee own rate',
    peer: { name: 'dnsmasq', figure: 'dnsmasq own rate' },
    ratio: 'own rate / dnsmasq',
    limit: { name: echo, figure: 'echo own rate' },
    target: { figure: 'own rate / dnsmasq', atLeast: 50, unit: '×' },
  },
  {
    work: 'DHCP: CPU per exchange',
    unit: ' µs',
    digits: 1,
    ours: 'smee own cpu',
    peer: { name: 'the cheaper of Kea and dhcpd', figure: 'best own cpu' },
    ratio: 'own cpu / best',
    limit: { name: echo, figure: 'echo own cpu' },
    target: { figure: 'smee own cpu', atMost: 20, unit: ' µs', digits: 1 },
  },
  ...(['p50', 'p99'] as const).map(
    (figure): Row => ({
      work: `DHCP: an answer's time at ${pace} exchanges/s, ${figure}`,
      unit: ' µs',
      ours: `smee paced ${figure}`,
      peer: { name: 'Kea', figure: `Kea paced ${figure}` },
      ratio: `paced ${figure} / Kea`,
      limit: { name: echo, figure: `echo paced ${figure}` },
      target: { figure: `paced ${figure} / Kea`, atMost: 1, unit: '×', digits: 2 },
    }),
  ),
  {
    work: 'DHCP: of what the kernel can carry',
    unit: '/s',
    ours: 'smee own rate',
    limit: { name: echo, figure: 'echo own rate' },
    target: { figure: 'of the echo', atLeast: 0.5, unit: '×', digits: 2 },
  },
];

export const dhcpReservations: Scenario = {
  title: `DHCP with ${machines} reservations, beside Kea, ISC dhcpd and dnsmasq`,
  about: `Two network namespaces and a veth pair between them; in one the server (${server}), in the other (\`${clientDevice}\`) a
relay with ${machines} machines behind it, whose MACs count up from 00:0c:01:02:03:04. Every server keeps its own defaults: a log of
every exchange into a file, for Kea (memfile, multi-threaded), dhcpd and dnsmasq their lease files, and for smee the nice value that it gives
itself (docs/decisions/0013-dhcp-goes-first.md). They take turns within each run, and
a ratio is taken within its run. CPU is user and system time of the server's process, all threads, per four-way exchange.

Every byte of every answer is looked at: a machine's first OFFER and ACK by their meaning and beside the first machine's, each later one
beside its own first. One wrong byte ends the run.

- *first ask*: each machine once, at a server that has just been started.
- *own load* (\`bench/inside/dhcp-load.ts\`): ${inFlight} exchanges in flight at a time, the next begins when one ends, so that it is as
  many as the server can take. Every machine has asked before, so that smee gives the answers that it remembers
  (\`services/dhcp/answer-memory.ts\`), and the others renew leases that they have given. Nothing may be lost.
- *paced* (\`bench/inside/dhcp-paced.ts\`): ${pace} exchanges begin each second, by the clock. The time of an answer is from before its
  request is handed to the kernel until the answer is fetched; *late* is how late the load itself was.
- *overload*: the same at twice the rate that smee held under the own load. Of all datagrams those are unaccounted that were neither
  received nor counted as dropped, or answered but not heard of (docs/decisions/0009-the-kernel-drops-the-newest.md).
- *perfdhcp*: the highest step of a ladder (each 1.4 times the one before) at which fewer than 0.1 % of the exchanges fail.
  perfdhcp spins on more than one core and takes over 100 µs of it for an exchange; on two cores it drops answers at its own
  socket (its receive buffer is the system's default) before a fast server is busy. So this tells what a server costs at a
  rate that perfdhcp can drive, and not how fast it can be. Where the machine is too busy for perfdhcp itself, no step is held (0).
- *echo* (\`bench/inside/echo.c\`): sends back what it is sent, as long as smee's answers, with one \`recvmmsg\` and one \`sendmmsg\` for
  up to 64 datagrams. What it costs is what the kernel takes from everybody. *Of what the kernel can carry* is the lower of both: smee's
  rate by the echo's, and the echo's CPU by smee's.`,
  measure,
  rows,
  shown: [
    { what: 'own load: exchanges/s', columns: each('own', 'rate'), unit: '' },
    { what: 'own load: CPU per exchange, µs', columns: each('own', 'cpu'), unit: '', digits: 1 },
    { what: 'own load: lost, %', columns: each('own', 'dropped'), unit: '', digits: 3 },
    {
      what: 'own load: its own CPU per exchange, µs',
      columns: { smee: 'load cpu', echo: 'echo load cpu' },
      unit: '',
      digits: 1,
    },
    { what: 'first ask: exchanges/s', columns: each('cold', 'rate'), unit: '' },
    { what: 'first ask: CPU per exchange, µs', columns: each('cold', 'cpu'), unit: '', digits: 1 },
    { what: `${pace}/s: an answer's time, p50, µs`, columns: each('paced', 'p50'), unit: '' },
    { what: `${pace}/s: an answer's time, p99, µs`, columns: each('paced', 'p99'), unit: '' },
    { what: `${pace}/s: late, p99, µs`, columns: each('paced', 'late'), unit: '' },
    { what: `${pace}/s: CPU per exchange, µs`, columns: each('paced', 'cpu'), unit: '', digits: 1 },
    { what: 'overload: begun/s', columns: { smee: 'overload begun' }, unit: '' },
    { what: 'overload: completed/s', columns: { smee: 'overload rate' }, unit: '' },
    { what: "overload: an answer's time, p99, ms", columns: { smee: 'overload p99' }, unit: '' },
    {
      what: 'overload: datagrams counted as dropped, %',
      columns: { smee: 'overload dropped' },
      unit: '',
      digits: 1,
    },
    { what: 'perfdhcp: exchanges/s', columns: each('perfdhcp', 'rate'), unit: '' },
    { what: 'perfdhcp: CPU per exchange, µs', columns: each('perfdhcp', 'cpu'), unit: '' },
    { what: 'perfdhcp: dropped, %', columns: each('perfdhcp', 'dropped'), unit: '', digits: 3 },
  ],
  targets: [
    {
      what: 'rate, against the faster of the two, own load',
      figure: 'own rate / best',
      atLeast: 3,
      unit: '×',
      digits: 2,
    },
    {
      what: 'CPU per exchange, against the cheaper of the two, own load',
      figure: 'own cpu / best',
      atMost: 1 / 3,
      unit: '×',
      digits: 2,
    },
    { what: 'lost under our own load', figure: 'smee own dropped', atMost: 0.1, unit: ' %', digits: 3 },
    {
      what: 'completed in overload, against what it can take',
      figure: 'overload rate / top',
      atLeast: 0.5,
      unit: '×',
      digits: 2,
    },
    { what: 'datagrams unaccounted for in overload', figure: 'overload unaccounted', atMost: 0, unit: '' },
  ],
};
