import { clientDevice, createBenchLab, server } from './bench-lab.ts';
import { climb, inFlight, type Load, ladder, ownLoad, untilAnswered } from './dhcp-generators.ts';
import { dhcpServers } from './dhcp-servers.ts';
import type { Effort, Figures, Scenario } from './scenario.ts';

const machines = 10_000;
const peers = ['Kea', 'dhcpd'] as const;

/** One run: each server in its turn on the same wire, under both loads. */
async function measure(effort: Effort): Promise<Figures> {
  const seconds = effort === 'quick' ? 1.5 : 2;
  await using lab = await createBenchLab(machines);
  const figures: Record<string, number> = {};
  for (const one of dhcpServers) {
    await using running = await one.start(lab, machines);
    // Until it listens, and is warm: all are measured as they are after a while.
    await untilAnswered(() => ownLoad(lab, running, machines, 0.2));
    await ownLoad(lab, running, machines, seconds * 2);
    put(figures, `${one.name} own`, await ownLoad(lab, running, machines, seconds));
    const { first, best } = await climb(lab, running, machines, seconds * 2);
    put(figures, `${one.name} perfdhcp`, best);
    put(figures, `${one.name} first`, first);
  }
  for (const load of ['own', 'perfdhcp', 'first']) {
    const of = (name: string, figure: string) => figures[`${name} ${load} ${figure}`] ?? Number.NaN;
    for (const peer of peers) {
      for (const figure of ['rate', 'cpu'])
        figures[`${load} ${figure} / ${peer}`] = of('smee', figure) / of(peer, figure);
    }
    figures[`${load} rate / best`] = of('smee', 'rate') / Math.max(...peers.map((peer) => of(peer, 'rate')));
    figures[`${load} cpu / best`] = of('smee', 'cpu') / Math.min(...peers.map((peer) => of(peer, 'cpu')));
  }
  return figures;
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
  'smee / Kea': `${load} ${figure} / Kea`,
  'smee / dhcpd': `${load} ${figure} / dhcpd`,
});

export const dhcpReservations: Scenario = {
  title: `DHCP with ${machines} reservations, beside Kea and ISC dhcpd`,
  about: `Two network namespaces and a veth pair between them; in one the server (${server}), in the other (\`${clientDevice}\`) a
relay with ${machines} machines behind it, whose MACs count up from 00:0c:01:02:03:04. Every server keeps its own defaults: a log of
every exchange into a file, and for Kea (memfile, multi-threaded) its lease file. They take turns within each run, and a ratio
is taken within its run. They are warm: every machine has asked before, so that smee gives the answers that it remembers
(\`services/dhcp/answer-memory.ts\`), and Kea and dhcpd renew leases that they have given. CPU is user and system time of the server's process, all threads, per four-way exchange.

- *perfdhcp*: the highest step of a ladder (each 1.4 times the one before) at which fewer than 0.1 % of the exchanges fail.
  perfdhcp spins on more than one core and takes over 100 µs of it for an exchange; on two cores it drops answers at its own
  socket (its receive buffer is the system's default) before a fast server is busy. So this tells what a server costs at a
  rate that perfdhcp can drive, and not how fast it can be. Where the machine is too busy for perfdhcp itself, no step is held (0);
  the first step's CPU is given in any case.
- *our own load* (\`bench/inside/dhcp-load.ts\`): ${inFlight} exchanges in flight at a time, the next begins when one ends; packets are
  made beforehand, sent and received in batches of 16, and type, address and server of every answer are checked. It takes 15 to 20 µs
  for an exchange, so that on two cores the server is the limit. Nothing may be lost.`,
  measure,
  shown: [
    { what: 'own load: exchanges/s', columns: each('own', 'rate'), unit: '' },
    { what: 'own load: CPU per exchange, µs', columns: each('own', 'cpu'), unit: '' },
    { what: 'own load: lost, %', columns: each('own', 'dropped'), unit: '', digits: 3 },
    { what: 'perfdhcp: exchanges/s', columns: each('perfdhcp', 'rate'), unit: '' },
    { what: 'perfdhcp: CPU per exchange, µs', columns: each('perfdhcp', 'cpu'), unit: '' },
    { what: 'perfdhcp: dropped, %', columns: each('perfdhcp', 'dropped'), unit: '', digits: 3 },
    { what: `perfdhcp at ${ladder[0]}/s: CPU per exchange, µs`, columns: each('first', 'cpu'), unit: '' },
    {
      what: `perfdhcp at ${ladder[0]}/s: dropped, %`,
      columns: each('first', 'dropped'),
      unit: '',
      digits: 3,
    },
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
  ],
};
