import { fileURLToPath } from 'node:url';
import type { Namespace } from './lab.ts';
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
  input?: string,
): LabProcess {
  return place.spawn(`${root}node_modules/.bin/node`, [`${root}${file}`, ...args], input);
}

/** Starts one service as a process of its own, from its default settings apart from `args`. */
export function startService(place: Namespace, service: ServiceName, args: readonly string[]): LabProcess {
  return runNode(place, `services/${service}/main.ts`, args);
}

/** Waits until a service says that it can do its work. */
export async function untilReady(place: Namespace, ...services: readonly ServiceName[]): Promise<void> {
  for (const service of services) {
    const url = `http://127.0.0.1:${opsPorts[service]}/readyz`;
    await runNode(place, 'test/support/ask.ts', [url, '--until', '200']).done(25_000);
  }
}

/** Applies Hardware documents (YAML) by the operator's own tool. */
export async function applyHardware(place: Namespace, yaml: string): Promise<void> {
  await runNode(place, 'cli/smee.ts', ['hardware', 'apply', '-f', '-'], yaml).done();
}
