import { hostname } from 'node:os';
import type { ChannelCredentials } from '@grpc/grpc-js';
import {
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Registry } from 'prom-client';
import { formatHostPort, type HostPort } from '../config.ts';
import type { Log } from '../log.ts';
import type { TraceContext } from './context.ts';
import { ExportQueue } from './export-queue.ts';
import { traceMetrics } from './metrics.ts';
import type { Span, Tracing } from './tracing.ts';

interface ExportParts {
  readonly endpoint: HostPort;
  readonly credentials: ChannelCredentials;
  readonly service: string;
  readonly log: Log;
  readonly metrics: Registry;
}

/** How long the collector may take for one batch, in milliseconds. */
const timeout = 3000;

/** Longer texts are cut: what is in a packet is anybody's. */
const longestText = 512;

/** Spans by OpenTelemetry's own tracer, handed to nobody but us: nothing is registered globally. */
export function exportTraces({ endpoint, credentials, service, log, metrics }: ExportParts): Tracing {
  const exporter = new OTLPTraceExporter({
    // What the scheme would say, the credentials say already.
    url: `http://${formatHostPort(endpoint)}`,
    credentials,
    timeoutMillis: timeout,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': `smee-${service}`,
      'service.namespace': 'smee',
      'host.name': hostname(),
    }),
    // Not what a client's flags say: whoever asks for a file does not decide what we see of it.
    sampler: new AlwaysOnSampler(),
    spanLimits: { attributeValueLengthLimit: longestText },
    spanProcessors: [new ExportQueue(exporter, traceMetrics(metrics), log)],
  });
  const tracer = provider.getTracer('smee');

  return {
    begin(name, { parent, since = performance.now() } = {}) {
      // Not from the process's own origin: the clock may have been set since then.
      const startTime = Date.now() - (performance.now() - since);
      const span = tracer.startSpan(name, { kind: SpanKind.SERVER, startTime }, contextOf(parent));
      return wrap(span, () => startTime + (performance.now() - since));
    },
    [Symbol.asyncDispose]: () => provider.shutdown(),
  };
}

function contextOf(parent: TraceContext | undefined) {
  if (parent === undefined) return ROOT_CONTEXT;
  const { traceId, spanId, sampled } = parent;
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

/** @param now of the clock that began the span, so that what it took is exact */
function wrap(span: OtelSpan, now: () => number): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    context: { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 },
    end(attributes, failed = false) {
      for (const [name, value] of Object.entries(attributes)) {
        if (value !== undefined) span.setAttribute(name, value);
      }
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(now());
    },
  };
}
