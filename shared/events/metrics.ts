import { Counter, Gauge, type Registry } from 'prom-client';

/** What became of the events. They are counted in numbers of our own: a packet's path has no time for labels. */
export function eventMetrics(registry: Registry, waiting: () => number) {
  const counts = { told: 0, dropped: 0, limited: 0 };
  new Counter({
    name: 'smee_events_total',
    help: 'Boot events by what became of them: told (to the hardware service), dropped (too many waited), limited (more than are told of one kind).',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(counts)) this.inc({ outcome }, count);
    },
  });
  new Gauge({
    name: 'smee_events_waiting',
    help: 'Boot events that wait to be told to the hardware service.',
    registers: [registry],
    collect() {
      this.set(waiting());
    },
  });
  return counts;
}
