import { Counter, Gauge, type Registry } from 'prom-client';
import type { BootKeeper } from './boots/keeper.ts';
import { summaryOf } from './boots/listing.ts';
import type { Store } from './store/store.ts';

const noBoots = { booting: 0, booted: 0, failed: 0, handedOver: 0 };

export type HardwareMetrics = ReturnType<typeof hardwareMetrics>;

/**
 * @param store read when the metrics are scraped; absent while it is not open
 * @param keeper the same, of the boots
 */
export function hardwareMetrics(registry: Registry, store?: Store, keeper?: () => BootKeeper | undefined) {
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
    bootEvents: new Counter({
      name: 'smee_hardware_boot_events_total',
      help: 'Boot events by what became of them: stored, refused (not as the contract says), dropped (too many at once), lost (not written).',
      labelNames: ['outcome'] as const,
      registers,
    }),
    droppedByReporters: new Counter({
      name: 'smee_hardware_boot_events_not_reported_total',
      help: 'Boot events that the services had to drop before they reported them, by service.',
      labelNames: ['reporter'] as const,
      registers,
    }),
    reporters: new Gauge({
      name: 'smee_hardware_reporters',
      help: 'Services that report boot events now.',
      registers,
    }),
    eventWatchers: new Gauge({
      name: 'smee_hardware_event_watchers',
      help: 'Open watches of boot events.',
      registers,
    }),
    keptEvents: new Gauge({
      name: 'smee_hardware_boot_events',
      help: 'Boot events that are kept.',
      registers,
      collect() {
        this.set(keeper?.()?.kept ?? 0);
      },
    }),
    boots: new Gauge({
      name: 'smee_hardware_boots',
      help: "The machines' last boots, by state.",
      labelNames: ['state'] as const,
      registers,
      collect() {
        const open = keeper?.();
        const { booting, booted, failed, handedOver } = open ? summaryOf(open.boots, 0) : noBoots;
        this.set({ state: 'booting' }, booting);
        this.set({ state: 'booted' }, booted);
        this.set({ state: 'failed' }, failed);
        this.set({ state: 'handed-over' }, handedOver);
      },
    }),
    calls: new Counter({
      name: 'smee_hardware_calls_total',
      help: 'Finished calls, by rpc and gRPC status code.',
      labelNames: ['rpc', 'code'] as const,
      registers,
    }),
  };
}
