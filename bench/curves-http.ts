import { join } from 'node:path';
import { createBenchLab, needPeer, routeMachines } from './bench-lab.ts';
import { compile } from './compile.ts';
import { at, type Curves, curvesScenario, figuresAt, lineOfEach, rateKept } from './curves.ts';
import { untilAnswered } from './dhcp-generators.ts';
import { carry } from './http-load.ts';
import { memoryOfTree } from './process.ts';
import type { Effort, Figures } from './scenario.ts';
import { writeScripts } from './script-files.ts';
import { machinesNets, scriptServers } from './scripts.ts';

/** Seconds for each point: in a single one, a good part passes while ten thousand connections are opened. */
const sizes = {
  full: { records: 10_000, points: [1, 10, 100, 1000, 10_000], seconds: 2 },
  quick: { records: 1000, points: [100, 1000], seconds: 0.3 },
} as const;

/** A server of one constant is a limit, and no peer. */
const shownServers = scriptServers.filter(({ name }) => name !== 'node');

async function measure(effort: Effort): Promise<Figures> {
  const { records, points, seconds } = sizes[effort];
  await using lab = await createBenchLab(records);
  await routeMachines(lab, ...machinesNets);
  const root = join(lab.folder, 'scripts');
  const { mac: orders } = await writeScripts(root, records);
  const generator = compile(needPeer('cc'), 'http-load', lab.folder);
  const figures: Record<string, number> = {};
  for (const { name, port, start } of shownServers) {
    await using running = await start(lab, root);
    const ask = (atOnce: number, howLong: number = seconds) =>
      carry(lab, generator, running, port, { orders, connections: 'new', atOnce, seconds: howLong });
    await untilAnswered(() => ask(1, 0.01));
    await ask(64);
    for (const machines of points) {
      const { rate, cpu, loadCpu, p50, p99 } = await ask(machines);
      const spent = { cpu: cpu * 1e6, 'load cpu': loadCpu * 1e6, RSS: await memoryOfTree(running) };
      Object.assign(figures, figuresAt(machines, name, { rate, p50, p99, ...spent }));
    }
  }
  const [first = 0, last = 0] = [100, points.at(-1)].map(
    (machines = 0) => figures[at('smee rate', machines)],
  );
  return { ...figures, 'rate kept': last / first };
}

const all = ['smee', 'nginx'];

const curves: Curves = {
  file: 'bench-http-clients.svg',
  title: 'iPXE scripts, as more machines ask at once',
  grows: 'machines at once',
  points: sizes.full.points,
  plots: [
    { title: 'Rate', unit: 'scripts/s', lines: lineOfEach('rate', ...all) },
    { title: 'Latency, p99', unit: 'ms', digits: 2, lines: lineOfEach('p99', ...all) },
    { title: 'Memory (RSS)', unit: 'MB', lines: lineOfEach('RSS', ...all) },
    { title: 'CPU per script', unit: 'µs', digits: 1, lines: lineOfEach('cpu', ...all) },
  ],
  told: [{ title: 'Latency, p50', unit: 'ms', digits: 2, lines: lineOfEach('p50', ...all) }],
};

export const curvesHttp = curvesScenario(curves, {
  about: `${sizes.full.records} machines with an address and a script of their own each; so many of them ask at a time, on a connection of its own that
is opened for it, and the next asks when one has its script. Servers and load are those of the scripts above; a wrong answer, or none,
ends the run. Latency runs from the opening of the connection to the script's last byte. RSS of nginx is that of all its processes
together.`,
  measure,
  targets: [rateKept('rate with the most at once, against 100')],
});
