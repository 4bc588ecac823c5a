import { statSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LabProcess } from '../test/support/lab-process.ts';
import { runNode } from '../test/support/lab-smee.ts';
import { type BenchLab, routeMachines, server } from './bench-lab.ts';
import { cpuSecondsWithChildren } from './process.ts';
import { blockSize } from './tftp-servers.ts';

export const megabyte = 1_000_000;

/** Where the machines' addresses begin; the load's namespace takes all of this network for its own. */
const firstMachine = '10.78.0.1';
const machinesNet = '10.78.0.0/16';

/** Machines at once, and the window that they ask for. */
export interface Crowd {
  readonly machines: number;
  readonly window: number;
  /** In all, when each machine shall come again and again. */
  readonly fetches?: number;
}

/** What became of them. */
export interface Fetched {
  /** MB/s. */
  readonly rate: number;
  /** Milliseconds per MB of the server's processor time, with that of its children, and of the load's own. */
  readonly cpu: number;
  readonly 'load cpu': number;
  readonly failed: number;
  /** How often somebody asked once more; and with those that failed. */
  readonly again: number;
  readonly lost: number;
  /** Seconds that one took: half of them less, and the longest. */
  readonly p50: number;
  readonly longest: number;
}

/** Makes the machines' way to the server, and the folder of the files. */
export async function shareFolder(lab: BenchLab): Promise<string> {
  const root = join(lab.folder, 'tftp');
  await mkdir(root);
  // tftpd-hpa reads as nobody.
  await chmod(lab.folder, 0o755);
  await routeMachines(lab, machinesNet);
  return root;
}

/** @throws when a byte is wrong @param file in the server's folder */
export async function fetchAll(
  lab: BenchLab,
  name: string,
  running: LabProcess,
  { machines, window, fetches = machines }: Crowd,
  file: string,
): Promise<Fetched> {
  const numbers = [machines, blockSize, window].map(String);
  const args = [`${server}:69`, firstMachine, basename(file), file, ...numbers, 'asleep', String(fetches)];
  const before = await cpuSecondsWithChildren(running);
  const said = await runNode(lab.load, 'bench/inside/tftp-load.ts', args).done(90_000);
  const spent = (await cpuSecondsWithChildren(running)) - before;
  const told = JSON.parse(said) as Readonly<Record<string, number>>;
  const { done = 0, wrong = Number.NaN, again = Number.NaN, seconds = Number.NaN, cpu = Number.NaN } = told;
  const { p50 = Number.NaN, longest = Number.NaN } = told;
  if (wrong !== 0) throw new Error(`${name} sent ${wrong} wrong blocks`);
  const fetched = (done * statSync(file).size) / megabyte;
  const failed = fetches - done;
  return {
    rate: fetched / seconds,
    cpu: (spent * 1e3) / fetched,
    'load cpu': (cpu * 1e3) / fetched,
    failed,
    again,
    lost: failed + again,
    p50,
    longest,
  };
}
