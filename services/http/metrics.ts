import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { jobMetrics } from '#shared/job-metrics.ts';

/** Outcomes, not requests: every answer by what it was and why. Each label is a closed set. */
export function httpMetrics(registry: Registry) {
  return {
    jobs: jobMetrics(registry, 'http'),
    answers: new Counter({
      name: 'smee_http_answers_total',
      help: 'Answers by what was asked for (script, loader, asset, artifact, iso, phone-home, other), status and reason.',
      labelNames: ['said', 'status', 'why'],
      registers: [registry],
    }),
    bytes: new Counter({
      name: 'smee_http_bytes_total',
      help: 'Bytes of bodies sent, by what was asked for.',
      labelNames: ['said'],
      registers: [registry],
    }),
    seconds: new Histogram({
      name: 'smee_http_seconds',
      help: 'Time from a request to the end of its answer, by what was asked for.',
      labelNames: ['said'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300],
      registers: [registry],
    }),
    inFlight: new Gauge({
      name: 'smee_http_in_flight',
      help: 'Answers that are being sent now.',
      registers: [registry],
    }),
    mounts: new Gauge({
      name: 'smee_http_iso_mounts',
      help: 'ISOs that a machine has mounted: it asked for a part of one within the last hour.',
      registers: [registry],
    }),
    malformed: new Counter({
      name: 'smee_http_malformed_total',
      help: 'Connections closed because what came was no HTTP request, or too big, too slow, or too much at once.',
      labelNames: ['why'],
      registers: [registry],
    }),
  };
}

export type HttpMetrics = ReturnType<typeof httpMetrics>;
