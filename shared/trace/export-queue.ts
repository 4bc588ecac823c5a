import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { RateLimit } from '../rate-limit.ts';
import type { TraceMetrics } from './metrics.ts';

/** Spans that may wait for the collector; further ones are dropped, and counted. */
const mayWait = 2048;

/** Spans that are sent together, and how long the first of them waits for others, in milliseconds. */
const batchSize = 512;
const gatherFor = 1000;

/** How long the last spans may take at a stop, in milliseconds: less than what transfers leave of the time that a stop may take. */
const flushWithin = 800;

/** A warning about a collector that takes nothing, at most so often. */
const warningsPerSecond = 1 / 60;

/**
 * Ended spans on their way to the collector: one export at a time, a bounded queue before it. A collector that is slow or down
 * costs spans, never an answer: nothing here waits for it but the stop of the service, and that not for long.
 */
export class ExportQueue implements SpanProcessor {
  readonly #exporter: SpanExporter;
  readonly #metrics: TraceMetrics;
  readonly #log: Log;
  readonly #warnings = new RateLimit(warningsPerSecond, 1);
  #waiting: ReadableSpan[] = [];
  #timer: NodeJS.Timeout | undefined;
  #exporting: Promise<void> | undefined;
  /** The collector did not take the last batch. */
  #failing = false;

  constructor(exporter: SpanExporter, metrics: TraceMetrics, log: Log) {
    this.#exporter = exporter;
    this.#metrics = metrics;
    this.#log = log;
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.#waiting.length >= mayWait) {
      this.#metrics.spans.inc({ outcome: 'dropped' });
      return;
    }
    this.#waiting.push(span);
    this.#schedule();
  }

  /** Sends what waits, as far as the time allows. A collector that took nothing lately is not asked again. */
  async forceFlush(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    let stopped = false;
    const deadline = setTimeout(() => {
      stopped = true;
      resolve();
    }, flushWithin);
    const sent = async () => {
      await this.#exporting;
      while (!stopped && !this.#failing && this.#waiting.length > 0) await this.#export();
    };
    await Promise.race([sent(), late]);
    clearTimeout(deadline);
  }

  async shutdown(): Promise<void> {
    await this.forceFlush();
    clearTimeout(this.#timer);
    this.#metrics.spans.inc({ outcome: 'dropped' }, this.#waiting.length);
    this.#waiting = [];
    // It closes the connection; an export that hangs is not waited for.
    this.#exporter.shutdown().catch(() => {});
  }

  #schedule(): void {
    if (this.#exporting !== undefined || this.#waiting.length === 0) return;
    if (this.#waiting.length >= batchSize) void this.#export();
    else this.#timer ??= setTimeout(() => void this.#export(), gatherFor).unref();
  }

  #export(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#exporting ??= this.#exportBatch(this.#waiting.splice(0, batchSize)).finally(() => {
      this.#exporting = undefined;
      this.#schedule();
    });
    return this.#exporting;
  }

  async #exportBatch(batch: ReadableSpan[]): Promise<void> {
    if (batch.length === 0) return;
    const error = await send(this.#exporter, batch);
    this.#failing = error !== undefined;
    this.#metrics.spans.inc({ outcome: this.#failing ? 'failed' : 'exported' }, batch.length);
    if (this.#failing && this.#warnings.allow()) {
      this.#log.warn({ error: messageOf(error), spans: batch.length }, 'the collector does not take traces');
    }
  }
}

/** Never rejects: what went wrong, or undefined. */
async function send(exporter: SpanExporter, batch: ReadableSpan[]): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  try {
    exporter.export(batch, ({ code, error }) => resolve(code === 0 ? undefined : (error ?? 'refused')));
  } catch (error) {
    return error;
  }
  return await promise;
}
