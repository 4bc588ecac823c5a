import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Namespace } from '../test/support/lab.ts';
import type { LabProcess } from '../test/support/lab-process.ts';

/** The kernel's clock ticks per second in /proc (USER_HZ): 100 on every Linux that Node runs on. */
const ticks = 100;

/** Processor time of a process and all its threads since it began, in seconds. */
export async function cpuSeconds(one: LabProcess): Promise<number> {
  return secondsOf(await one.pid);
}

function secondsOf(pid: number | string | undefined): number {
  const [user = 0, system = 0] = timesOf(pid);
  return (user + system) / ticks;
}

/** utime, stime, cutime, cstime. */
function timesOf(pid: number | string | undefined): number[] {
  // The second field, the program's name, may hold anything, blanks too.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return fields.slice(11, 15).map(Number);
}

/** The same with the children that it has waited for: a server that forks. */
export async function cpuSecondsWithChildren(one: LabProcess): Promise<number> {
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = timesOf(await one.pid);
  return (user + system + childrenUser + childrenSystem) / ticks;
}

/** The same of a process and of the children that run now: a server that has workers. */
export async function cpuSecondsOfTree(one: LabProcess): Promise<number> {
  return (await pidsOfTree(one)).reduce<number>((sum, each) => sum + secondsOf(each), 0);
}

async function pidsOfTree(one: LabProcess) {
  const pid = await one.pid;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children];
}

/** Memory of a process and of the children that run now, in MB; pages that they share are counted for each. */
export async function memoryOfTree(one: LabProcess): Promise<number> {
  return (await pidsOfTree(one)).reduce<number>((sum, each) => sum + memoryOf(each).now, 0);
}

/** Memory of a process in MB (10⁶ bytes): what it holds now, and the most that it ever held. */
export async function memory(one: LabProcess): Promise<{ now: number; peak: number }> {
  return memoryOf(await one.pid);
}

function memoryOf(pid: number | string | undefined): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field: string) =>
    (Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024) / 1e6;
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

const root = fileURLToPath(new URL('../', import.meta.url));

/** Node's options in the images: what is measured is what is deployed. */
const nodeOptions = /^ENV .*\b(NODE_OPTIONS=\S+)/m.exec(readFileSync(`${root}Dockerfile`, 'utf8'))?.[1] ?? '';

/** The command line that runs a service as its image does: a program and its arguments. */
export function asInImage(service: string, args: readonly string[]): readonly [string, readonly string[]] {
  return fileAsInImage(`services/${service}/main.ts`, args);
}

/** The same of any of our files. */
export function fileAsInImage(file: string, args: readonly string[]): readonly [string, readonly string[]] {
  return ['env', [nodeOptions, `${root}node_modules/.bin/node`, `${root}${file}`, ...args]];
}

/** Starts a program whose output goes into a file, as a server's does, and not through us. */
export function spawnInto(
  file: string,
  place: Namespace,
  command: string,
  args: readonly string[],
): LabProcess {
  return place.spawn('sh', ['-c', `exec "$0" "$@" >>'${file}' 2>&1`, command, ...args]);
}
