import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/**
 * Metrics that Smee has, with its names, for dashboards that were made for it: a job is the work for one request. Ours beside
 * them say more: how it ended, and why.
 */
export function jobMetrics(registry: Registry, from: 'tftp' | 'http') {
  const labelNames = ['from', 'op'] as const;
  const registers = [registry];
  const total = new Counter({
    name: 'jobs_total',
    help: "Smee's name: requests answered or refused, by service and kind.",
    labelNames,
    registers,
  });
  const seconds = new Histogram({
    name: 'jobs_duration_seconds',
    help: "Smee's name: time from a request to the end of its answer, by service and kind.",
    labelNames,
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300],
    registers,
  });
  const underWay = new Gauge({
    name: 'jobs_in_progress',
    help: "Smee's name: requests that are being answered now, by service and kind.",
    labelNames,
    registers,
  });
  return {
    begun(op: string): void {
      underWay.inc({ from, op });
    },
    /** @param took seconds */
    done(op: string, took: number): void {
      underWay.dec({ from, op });
      total.inc({ from, op });
      seconds.observe({ from, op }, took);
    },
  };
}
