import { Counter, Gauge, type Registry } from 'prom-client';
import type { Store } from './store/store.ts';

export type HardwareMetrics = ReturnType<typeof hardwareMetrics>;

/** @param store read when the metrics are scraped; absent while it is not open */
export function hardwareMetrics(registry: Registry, store?: Store) {
  const registers = [registry];
  const gauge = (name: string, help: string, read: (open: Store) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        if (store !== undefined) this.set(read(store));
      },
    });
  return {
    revision: gauge('smee_hardware_revision', 'Revision of the last change.', (open) => open.revision),
    records: gauge('smee_hardware_records', 'Hardware records in the store.', (open) => open.size),
    problems: gauge(
      'smee_hardware_problems',
      'What is wrong with the files of the file backend, as they were read last.',
      (open) => open.problems,
    ),
    watchers: new Gauge({ name: 'smee_hardware_watchers', help: 'Open watches.', registers }),
    calls: new Counter({
      name: 'smee_hardware_calls_total',
      help: 'Finished calls, by rpc and gRPC status code.',
      labelNames: ['rpc', 'code'] as const,
      registers,
    }),
  };
}
