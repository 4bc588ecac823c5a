import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../test/support/until.ts';
import { type BenchLab, createBenchLab, serverDevice } from './bench-lab.ts';
import { at, type Curves, curvesScenario, figuresAt, lineOfEach, rateKept } from './curves.ts';
import { loadFigures, shownServers, warmUp } from './curves-dhcp.ts';
import { type Asked, inFlight, ownLoad } from './dhcp-generators.ts';
import { asInImage, memory, spawnInto } from './process.ts';
import type { Effort, Figures } from './scenario.ts';
import { syncedAt } from './synced.ts';

const sizes = {
  full: { points: [1, 10, 100, 1000, 10_000, 100_000, 1_000_000], seconds: 1 },
  quick: { points: [100, 1000, 10_000], seconds: 0.3 },
} as const;

/** Where the peers are measured: they drop what one machine asks several times at once, and their subnet has 61 000 addresses. */
const withPeers: readonly number[] = [1000, 10_000];

/** At most so many machines ask, spread over all records: what is looked for is what records cost, and not what machines do. */
const asking = 1000;

/** Up to so many records the rate must not fall. */
const noKneeBelow = { full: 100_000, quick: 10_000 } as const;

/** How long a million records may take to come, and then their snapshot to be written, in milliseconds. */
const patience = 120_000;

async function measure(effort: Effort): Promise<Figures> {
  const { points, seconds } = sizes[effort];
  const figures: Record<string, number> = {};
  for (const records of points)
    Object.assign(
      figures,
      await measurePoint(records, seconds, effort === 'full' && withPeers.includes(records)),
    );
  const of = (figure: string, records = Number.NaN) => figures[at(figure, records)] ?? Number.NaN;
  const [before = 0, less = 0, most = 0] = points.slice(-3);
  const rise = (figure: string, from: number, to: number) =>
    (of(figure, to) - of(figure, from)) / (to - from);
  const bend = (figure: string) => rise(figure, less, most) / rise(figure, before, less);
  return {
    ...figures,
    'rate kept': of('smee rate', noKneeBelow[effort]) / of('smee rate', 1000),
    'bend of dhcp RSS': bend('dhcp RSS'),
    'bend of hardware RSS': bend('hardware RSS'),
    'bend of sync': bend('dhcp sync'),
  };
}

async function measurePoint(records: number, seconds: number, peers: boolean): Promise<Figures> {
  await using lab = await createBenchLab(records);
  const figures: Figures[] = [await measureSmee(lab, records, seconds)];
  for (const { name, start } of shownServers) {
    if (!peers || name === 'smee') continue;
    await using process = await start(lab, records);
    figures.push(figuresAt(records, name, await measureLoad(lab, { process, machines: records }, seconds)));
  }
  return Object.assign({}, ...figures);
}

async function measureSmee(lab: BenchLab, records: number, seconds: number): Promise<Figures> {
  const log = join(lab.folder, 'smee.log');
  const started = Date.now();
  const how = asInImage('dhcp', ['--dhcp-iface', serverDevice, '--snapshot-dir', lab.folder]);
  await using dhcp = spawnInto(log, lab.prov, ...how);
  const sync = ((await syncedAt(log, records, patience)) - started) / 1000;
  // It is written once, in the background; what follows is how things are after that.
  const snapshot = join(lab.folder, 'dhcp.jsonl');
  await until('the snapshot is written', () => existsSync(snapshot), patience);
  const machines = Math.min(asking, records);
  const load = await measureLoad(lab, { process: dhcp, machines, every: records / machines }, seconds);
  const all = await measureLoad(lab, { process: dhcp, machines: records }, seconds);
  const { now, peak } = await memory(dhcp);
  const hardware = await memory(lab.hardware);
  return {
    ...figuresAt(records, 'smee', load),
    ...figuresAt(records, 'all', all),
    ...figuresAt(records, 'dhcp', { sync, RSS: now, 'RSS peak': peak }),
    ...figuresAt(records, 'hardware', { RSS: hardware.now }),
  };
}

/** Goes through its machines in turn, and again from the first one on. */
async function measureLoad(lab: BenchLab, asked: Asked, seconds: number): Promise<Figures> {
  await warmUp(lab, asked, seconds * 2);
  return loadFigures(await ownLoad(lab, asked, seconds));
}

const curves: Curves = {
  file: 'bench-dhcp-records.svg',
  title: 'DHCP, as the records grow',
  grows: 'records',
  points: sizes.full.points,
  plots: [
    {
      title: 'Rate',
      unit: 'exchanges/s',
      lines: [
        ...lineOfEach('rate', 'smee', 'Kea', 'dhcpd'),
        { name: 'smee, every record asks', figure: 'all rate', colour: 'blue', dashed: true },
      ],
    },
    {
      title: `Latency, ${inFlight} at once`,
      unit: 'ms',
      digits: 2,
      lines: [
        { name: 'smee, p50', figure: 'smee p50', colour: 'blue' },
        { name: 'p99', figure: 'smee p99', colour: 'blue', dashed: true },
        { name: 'Kea, p99', figure: 'Kea p99', colour: 'orange', dashed: true },
        { name: 'dhcpd, p99', figure: 'dhcpd p99', colour: 'green', dashed: true },
      ],
    },
    {
      title: 'Memory (RSS)',
      unit: 'MB',
      lines: [
        { name: 'dhcp', figure: 'dhcp RSS', colour: 'blue' },
        { name: 'dhcp, the most ever', figure: 'dhcp RSS peak', colour: 'blue', dashed: true },
        { name: 'hardware', figure: 'hardware RSS', colour: 'purple' },
      ],
    },
    {
      title: 'From an empty start until in sync',
      unit: 's',
      digits: 2,
      lines: [{ name: 'dhcp', figure: 'dhcp sync', colour: 'blue' }],
    },
  ],
  told: [
    {
      title: 'CPU per exchange',
      unit: 'µs',
      digits: 1,
      lines: [
        ...lineOfEach('cpu', 'smee', 'Kea', 'dhcpd'),
        { name: 'smee, every record asks', figure: 'all cpu', colour: 'blue' },
      ],
    },
    { title: 'Lost', unit: '%', digits: 3, lines: lineOfEach('lost', 'smee', 'Kea', 'dhcpd') },
  ],
};

const bend = (what: string, figure: string) => ({
  what: `${what}, per record of the last decade against the decade before`,
  figure: `bend of ${figure}`,
  atMost: 1.5,
  unit: '×',
  digits: 2,
});

export const curvesDhcpRecords = curvesScenario(curves, {
  about: `For each number of records an empty start: the hardware service with that many in SQLite, then \`dhcp\` with no snapshot (the
time runs from the start of its process to its line \`synced\`). Once its snapshot is written, the load of our own
(\`bench/inside/dhcp-load.ts\`, ${inFlight} exchanges at once) goes through ${asking} machines in turn, which are spread over all records: these are the
curves. Then every record's machine asks in turn: up to some 16 000 machines are given remembered answers, and of more than that nearly
each is answered from its record (\`services/dhcp/answer-memory.ts\`), which is a step, at whatever number of records. Latency runs from a
DISCOVER until its ACK. Kea and dhcpd have the same wire and load, with ${withPeers.join(' and ')} reservations.`,
  measure,
  targets: [
    rateKept(`rate with ${noKneeBelow.full} records, against 1000; ${asking} machines`),
    bend('memory of dhcp', 'dhcp RSS'),
    bend('memory of hardware', 'hardware RSS'),
    bend('time until in sync', 'sync'),
  ],
});
