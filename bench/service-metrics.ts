import type { Namespace } from '../test/support/lab.ts';
import type { LabProcess } from '../test/support/lab-process.ts';
import { runNode } from '../test/support/lab-smee.ts';
import type { ServiceFigures } from './inside/service-metrics.ts';

/** Where each service answers /metrics. */
const ports = { hardware: 9101, dhcp: 9102, tftp: 9103, http: 8080 } as const;

export type Measured = keyof typeof ports;

/** What services say of themselves now. */
export async function askMetrics(
  place: Namespace,
  ...services: readonly Measured[]
): Promise<ServiceFigures> {
  return JSON.parse(await watchMetrics(place, 0, services).done()) as ServiceFigures;
}

/** A metric's sum over all its labels. */
export function sumOf(figures: Readonly<Record<string, number>>, metric: string): number {
  return Object.entries(figures)
    .filter(([name]) => name.split(' ', 1)[0] === metric)
    .reduce((sum, [, value]) => sum + value, 0);
}

/** A process that asks every so many seconds, and writes a line each time; 0: only once. */
export function watchMetrics(place: Namespace, seconds: number, services: readonly Measured[]): LabProcess {
  const words = services.map((service) => `${service}=${ports[service]}`);
  return runNode(place, 'bench/inside/service-metrics.ts', [String(seconds), ...words]);
}

/** What such a process has written. */
export function readMetrics({ output }: LabProcess): readonly ServiceFigures[] {
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ServiceFigures);
}
