import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabProcess } from '../test/support/lab-process.ts';
import { runNode } from '../test/support/lab-smee.ts';
import type { BenchLab } from './bench-lab.ts';
import type { Counted } from './inside/storm/fleet.ts';
import type { Plan } from './inside/storm/plan.ts';
import { cpuSecondsOfTree } from './process.ts';
import type { Side } from './storm-servers.ts';

/** Starts the machines of a plan. A wrong answer ends them with an error. */
export async function startStorm({ load, folder }: BenchLab, plan: Plan): Promise<LabProcess> {
  const file = join(folder, 'plan.json');
  await writeFile(file, JSON.stringify(plan));
  return runNode(load, 'bench/inside/storm-load.ts', [file]);
}

export interface Ran extends Counted {
  /** Processor seconds of each process that served. */
  readonly spent: Readonly<Record<string, number>>;
}

/** One storm against one side, to its end. */
export async function runStorm(lab: BenchLab, side: Side, plan: Plan): Promise<Ran> {
  const before = await cpuOf(side);
  const storm = await startStorm(lab, plan);
  const said = await storm.done(plan.seconds * 1000 + 30_000);
  const after = await cpuOf(side);
  const spent = Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]),
  );
  return { ...(JSON.parse(said) as Counted), spent };
}

async function cpuOf(side: Side): Promise<Record<string, number>> {
  const seconds: Record<string, number> = {};
  for (const [name, one] of Object.entries(side)) seconds[name] = await cpuSecondsOfTree(one);
  return seconds;
}
