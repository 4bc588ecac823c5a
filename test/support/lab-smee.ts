import { fileURLToPath } from 'node:url';
import type { Namespace, SpawnOptions } from './lab.ts';
import type { LabProcess } from './lab-process.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Each service's port for health and metrics; `http` has it on its own port. */
const opsPorts = { hardware: 9101, dhcp: 9102, tftp: 9103, http: 8080, syslog: 9105 } as const;

export type ServiceName = keyof typeof opsPorts;

/** Runs one of our own TypeScript files with the Node that the project brings. */
export function runNode(
  place: Namespace,
  file: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): LabProcess {
  return place.spawn(`${root}node_modules/.bin/node`, [`${root}${file}`, ...args], options);
}

/** Waits until services answer /readyz with this status. */
export async function untilReadiness(
  place: Namespace,
  status: 200 | 503,
  ...services: readonly ServiceName[]
): Promise<void> {
  for (const service of services) await untilAnswer(place, service, '/readyz', `${status}\n`);
}

/** Waits until a service has this revision of the records. */
export async function untilRevision(place: Namespace, service: ServiceName, revision: number): Promise<void> {
  await untilAnswer(place, service, '/metrics', `smee_replica_revision{service="${service}"} ${revision}\n`);
}

async function untilAnswer(
  place: Namespace,
  service: ServiceName,
  path: string,
  text: string,
): Promise<void> {
  const url = `http://127.0.0.1:${opsPorts[service]}${path}`;
  await runNode(place, 'test/support/inside/ask.ts', [url, text]).done(25_000);
}

/** Applies Hardware documents (YAML) with the operator's own tool. */
export async function applyHardware(place: Namespace, yaml: string): Promise<void> {
  await runNode(place, 'cli/smee.ts', ['hardware', 'apply', '-f', '-'], { input: yaml }).done();
}

/** A line of a service's log; `mac`, `why` and the others stand where docs/logging.md says so. */
export interface LogLine {
  readonly level: string;
  readonly service: string;
  readonly msg: string;
  readonly mac?: string;
  readonly said?: string;
  readonly why?: string;
  readonly file?: string;
}

/** The log lines in what a process wrote. */
export function logLines(output: string): readonly LogLine[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as LogLine);
}
