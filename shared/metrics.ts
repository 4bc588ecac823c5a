import { collectDefaultMetrics, Registry } from 'prom-client';

/** Sums of metrics that are there by kind, too; `_total` is for what only rises. */
const misnamed = ['handles', 'requests', 'resources'];

/** A registry of its own per service, with the process's own metrics (memory, CPU, event-loop lag). Nothing is global. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, prefix: 'smee_' });
  for (const name of misnamed) registry.removeSingleMetric(`smee_nodejs_active_${name}_total`);
  return registry;
}
