import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBenchLab } from './bench-lab.ts';
import { at, type Curves, curvesScenario, figuresAt, lineOfEach, rateKept } from './curves.ts';
import { memory } from './process.ts';
import type { Effort, Figures } from './scenario.ts';
import { fetchAll, shareFolder } from './tftp-fetch.ts';
import { ours, peers } from './tftp-servers.ts';

const bytes = 100_000;

const sizes = { full: [1, 10, 100, 1000, 10_000], quick: [100, 1000] } as const;

/** Fetches at each point, at least: where few machines are there at once, they come again. */
const fetches = 300;

/** tftpd-hpa forks a process for each, and dnsmasq looks at all its transfers whenever one is due: ten thousand are not for them. */
const peersUpTo = 1000;

async function measure(effort: Effort): Promise<Figures> {
  await using lab = await createBenchLab(1);
  const root = await shareFolder(lab);
  const file = join(root, 'loader');
  await writeFile(file, randomBytes(bytes));
  const figures: Record<string, number> = {};
  for (const { name, start } of effort === 'full' ? [ours, ...peers] : [ours]) {
    await using running = await start(lab, root);
    for (const machines of sizes[effort]) {
      if (name !== ours.name && machines > peersUpTo) continue;
      const load = { machines, fetches: Math.max(fetches, machines), window: 1 };
      const fetched = await fetchAll(lab, name, running, load, file);
      const { now } = await memory(running);
      Object.assign(figures, figuresAt(machines, name, { ...fetched, RSS: now }));
    }
  }
  const of = (figure: string, machines: number) => figures[at(`smee ${figure}`, machines)] ?? Number.NaN;
  const most = Math.max(...sizes[effort]);
  return { ...figures, 'rate kept': of('rate', most) / of('rate', 100), 'most failed': of('failed', most) };
}

const all = ['smee', 'dnsmasq', 'tftpd-hpa'];

const curves: Curves = {
  file: 'bench-tftp-clients.svg',
  title: 'TFTP, as more machines fetch at once',
  grows: 'machines at once',
  points: sizes.full,
  plots: [
    { title: 'Rate', unit: 'MB/s', lines: lineOfEach('rate', ...all) },
    { title: 'The longest of all fetches', unit: 's', digits: 3, lines: lineOfEach('longest', ...all) },
    { title: 'Memory (RSS)', unit: 'MB', lines: lineOfEach('RSS', 'smee', 'dnsmasq') },
    { title: 'CPU', unit: 'ms per MB', digits: 2, lines: lineOfEach('cpu', 'smee', 'dnsmasq') },
  ],
  told: [
    { title: 'Half of the fetches took less than', unit: 's', digits: 3, lines: lineOfEach('p50', ...all) },
    { title: 'Failed', unit: 'fetches', lines: lineOfEach('failed', ...all) },
  ],
};

export const curvesTftp = curvesScenario(curves, {
  about: `A file of ${bytes / 1000} kB, as large as a loader, block by block; ${fetches} fetches at least at each point, so that few machines come again
and again. Wire, blocks and load are those of the scenario above. A fetch runs from a machine's first request to its last block. The
peers are asked by ${peersUpTo} at most: tftpd-hpa forks a process for each, and dnsmasq looks at all its transfers whenever one is due. What
memory and CPU tftpd-hpa takes is not seen in its first process, and left out.`,
  measure,
  targets: [
    rateKept('rate to the most at once, against 100'),
    { what: 'of the most at once failed', figure: 'most failed', atMost: 0, unit: '' },
  ],
});
