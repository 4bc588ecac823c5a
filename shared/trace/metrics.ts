import { Counter, type Registry } from 'prom-client';

/** What became of the spans; only there when they are sent anywhere. */
export function traceMetrics(registry: Registry) {
  return {
    spans: new Counter({
      name: 'smee_trace_spans_total',
      help: 'Spans by what became of them: exported, failed (the collector did not take them), dropped (too many waited).',
      labelNames: ['outcome'] as const,
      registers: [registry],
    }),
  };
}

export type TraceMetrics = ReturnType<typeof traceMetrics>;
