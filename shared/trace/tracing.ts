import { formatHostPort } from '../config.ts';
import type { Context } from '../run.ts';
import type { TraceContext } from './context.ts';
import { collectorCredentials } from './credentials.ts';
import type { TraceSettings } from './settings.ts';

/** What is known about a piece of work. Never a script, a kernel argument, a token, or a URL as it came from a record. */
type Attributes = Readonly<Record<string, string | number | undefined>>;

interface Beginning {
  /** The span that it belongs to; without one it begins a trace. */
  readonly parent?: TraceContext | undefined;
  /** When it began, in milliseconds of `performance.now()`; now, if absent. */
  readonly since?: number;
}

/** A piece of work under way. */
export interface Span {
  readonly context: TraceContext;
  /** To be called once. Never blocks and never throws, whatever the collector does. */
  end(attributes: Attributes, failed?: boolean): void;
}

/** Where a service's spans come from; disposing it sends what waits, within a moment or not at all. */
export interface Tracing extends AsyncDisposable {
  begin(name: string, at?: Beginning): Span;
}

/**
 * Undefined when no collector is set: then nothing of OpenTelemetry is even loaded.
 * @throws {ConfigError} when a file of its TLS cannot be used
 */
export async function startTracing(
  context: Context<TraceSettings>,
  service: string,
): Promise<Tracing | undefined> {
  const { otelEndpoint: endpoint, otelInsecure: insecure } = context.settings;
  if (endpoint === undefined) return undefined;
  const credentials = await collectorCredentials(context.settings);
  const { exportTraces } = await import('./export.ts');
  const tracing = exportTraces({ endpoint, credentials, service, ...context });
  if (insecure && context.settings.otelCertificate !== undefined)
    context.log.warn('traces are sent without TLS: a CA is named, but otel-insecure is not false');
  context.log.info({ endpoint: formatHostPort(endpoint), insecure }, 'traces are sent');
  return tracing;
}
