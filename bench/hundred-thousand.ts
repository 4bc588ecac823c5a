import { join } from 'node:path';
import { runNode } from '../test/support/lab-smee.ts';
import { createBenchLab } from './bench-lab.ts';
import { asInImage, memory } from './process.ts';
import { type Effort, type Figures, median, type Scenario } from './scenario.ts';

const machines = 100_000;

async function measure(effort: Effort): Promise<Figures> {
  await using lab = await createBenchLab(machines);
  const started = performance.now();
  const dhcp = lab.prov.spawn(...asInImage('dhcp', ['--snapshot-dir', join(lab.folder, 'snapshots')]));
  const [, synced = ''] = await dhcp.until(/("records":\d+).*"msg":"synced"/, { within: 60_000 });
  const seconds = (performance.now() - started) / 1000;
  if (synced !== `"records":${machines}`) throw dhcp.failure(`synced with ${synced}`);
  const atSync = await memory(dhcp);
  const changes = effort === 'quick' ? 5 : 20;
  const said = await runNode(lab.prov, 'bench/inside/record-change.ts', [String(changes)]).done(60_000);
  const took = JSON.parse(said) as number[];
  const later = await memory(dhcp);
  return {
    sync: seconds,
    'RSS at sync': atSync.now,
    'RSS peak': later.peak,
    'RSS later': later.now,
    'change median': median(took),
    'change worst': Math.max(...took),
  };
}

const one = (what: string, figure: string, unit: string, digits = 0) => ({
  what,
  columns: { dhcp: figure },
  unit,
  digits,
});

export const hundredThousand: Scenario = {
  title: `${machines} records`,
  about: `The hardware service holds ${machines} records (SQLite), and \`dhcp\` starts with no snapshot: the time runs from the start of
its process to its line \`synced\`. Then a record's address is changed over gRPC, again and again, while a client on loopback asks
DHCP every millisecond: the time runs from the call until the new address stands in an answer.`,
  measure,
  shown: [
    one('in sync after', 'sync', ' s', 2),
    one('RSS when in sync', 'RSS at sync', ' MB'),
    one('RSS, the most ever (with the snapshot being written)', 'RSS peak', ' MB'),
    one('RSS after the changes', 'RSS later', ' MB'),
    one('a change in the answers after, median', 'change median', ' ms', 1),
    one('a change in the answers after, worst', 'change worst', ' ms', 1),
  ],
  targets: [
    { what: 'in sync from an empty start', figure: 'sync', atMost: 5, unit: ' s', digits: 2 },
    { what: 'RSS, the most ever', figure: 'RSS peak', atMost: 400, unit: ' MB' },
    {
      what: 'a changed record in the answers, worst',
      figure: 'change worst',
      atMost: 100,
      unit: ' ms',
      digits: 1,
    },
  ],
};
