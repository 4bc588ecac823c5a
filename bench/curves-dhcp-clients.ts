import { createBenchLab } from './bench-lab.ts';
import { at, type Curves, curvesScenario, figuresAt, lineOfEach, rateKept } from './curves.ts';
import { loadFigures, shownServers, warmUp } from './curves-dhcp.ts';
import { ownLoad } from './dhcp-generators.ts';
import { memory } from './process.ts';
import type { Effort, Figures } from './scenario.ts';

const records = 10_000;

const sizes = {
  full: { points: [1, 10, 100, 1000, 10_000], seconds: 1 },
  // With ten thousand at once the first exchange may take longer than a moment.
  quick: { points: [100, 1000], seconds: 0.5 },
} as const;

async function measure(effort: Effort): Promise<Figures> {
  const { points, seconds } = sizes[effort];
  await using lab = await createBenchLab(records);
  const figures: Record<string, number> = {};
  for (const one of shownServers) {
    if (effort === 'quick' && one.name !== 'smee') continue;
    await using process = await one.start(lab, records);
    const asked = { process, machines: records, varying: one.varying ?? [] };
    await warmUp(lab, asked, seconds);
    for (const clients of points) {
      const load = await ownLoad(lab, asked, seconds, clients);
      const { now } = await memory(process);
      Object.assign(figures, figuresAt(clients, one.name, { ...loadFigures(load), RSS: now }));
    }
  }
  const of = (figure: string, clients: number) => figures[at(`smee ${figure}`, clients)] ?? Number.NaN;
  const most = Math.max(...points);
  return { ...figures, 'rate kept': of('rate', most) / of('rate', 100), 'most lost': of('lost', most) };
}

const all = shownServers.map(({ name }) => name);

const curves: Curves = {
  file: 'bench-dhcp-clients.svg',
  title: 'DHCP, as more machines ask at once',
  grows: 'exchanges at once',
  points: sizes.full.points,
  plots: [
    { title: 'Rate', unit: 'exchanges/s', lines: lineOfEach('rate', ...all) },
    { title: 'Latency, p99', unit: 'ms', digits: 2, lines: lineOfEach('p99', ...all) },
    { title: 'Memory (RSS)', unit: 'MB', lines: lineOfEach('RSS', ...all) },
    { title: 'CPU per exchange', unit: 'µs', digits: 1, lines: lineOfEach('cpu', ...all) },
  ],
  told: [
    { title: 'Latency, p50', unit: 'ms', digits: 2, lines: lineOfEach('p50', ...all) },
    { title: 'Lost', unit: '%', digits: 3, lines: lineOfEach('lost', ...all) },
  ],
};

export const curvesDhcpClients = curvesScenario(curves, {
  about: `${records} records, and so many four-way exchanges under way at a time: the next begins when one ends, or when it has had no answer
for a second and counts as lost. So with more at once the latency must grow as the rate does not; what must not happen is that the
rate falls, or that answers are lost. Wire, load and peers are those of the reservations above.`,
  measure,
  targets: [
    rateKept('rate with the most at once, against 100'),
    { what: 'lost with the most at once', figure: 'most lost', atMost: 0.1, unit: ' %', digits: 3 },
  ],
});
