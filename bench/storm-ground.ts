import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseIp4 } from '#shared/ip4.ts';
import { type BenchLab, routeMachines, server } from './bench-lab.ts';
import type { Plan } from './inside/storm/plan.ts';
import { macOfMachine } from './records.ts';
import { scriptOfMachine } from './script-files.ts';

/** Bytes: of the loader, of the kernel, and of it what is fetched. */
export const loaderBytes = 75_000;
const kernelBytes = 10_000_000;
export const fetchedBytes = 1_000_000;

const loader = 'undionly.kpxe';
const kernel = 'vmlinuz-x86_64';
export const httpPort = 8080;

/** Files that every server serves, and where its folders are. */
export interface Ground {
  readonly loaders: string;
  readonly artifacts: string;
  /** All but how the machines power on. */
  readonly plan: Omit<Plan, 'powerOn' | 'seconds'>;
}

/** Makes the files, and the routes by which the machines and their relays are reached. */
export async function prepareGround(lab: BenchLab): Promise<Ground> {
  const loaders = join(lab.folder, 'loaders');
  const artifacts = join(lab.folder, 'artifacts');
  await mkdir(loaders);
  await mkdir(artifacts);
  await writeFile(join(loaders, loader), randomBytes(loaderBytes));
  await writeFile(join(artifacts, kernel), randomBytes(kernelBytes));
  const script = join(lab.folder, 'script.ipxe');
  await writeFile(script, scriptTemplate());
  await routeMachines(lab, ...networks);
  return {
    loaders,
    artifacts,
    plan: {
      server: parseIp4(server) ?? 0,
      machines: lab.machines,
      loader: { name: loader, path: join(loaders, loader) },
      script: { url: `http://${server}:${httpPort}/@mac@/auto.ipxe`, path: script },
      kernel: { name: kernel, path: join(artifacts, kernel), bytes: fetchedBytes },
    },
  };
}

/** The relays' addresses, and the machines', of which there may be 12 288. */
const networks = ['10.77.1.0/24', '10.77.16.0/20', '10.77.32.0/19'];

/** The script of each machine, with `@mac@` and `@machine@` where they differ. */
function scriptTemplate(): string {
  const sample = 4711;
  return scriptOfMachine(sample)
    .replaceAll(macOfMachine(sample), '@mac@')
    .replaceAll(String(sample), '@machine@');
}
