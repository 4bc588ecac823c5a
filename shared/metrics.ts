import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry of its own per service, with the process's own metrics (memory, CPU, event-loop lag). Nothing is global. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, prefix: 'smee_' });
  return registry;
}
