import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { ExportQueue } from '#shared/trace/export-queue.ts';
import { traceMetrics } from '#shared/trace/metrics.ts';
import { logSink } from '../../../support/log-sink.ts';
import { until } from '../../../support/until.ts';

const span = {} as ReadableSpan;

/** A queue before an exporter that does this, what reached it, and what was counted. */
function queueBefore(answer: (done: (result: { code: number; error?: Error }) => void) => void) {
  const batches: number[] = [];
  const exporter: SpanExporter = {
    export(spans, done) {
      batches.push(spans.length);
      answer(done);
    },
    shutdown: () => Promise.resolve(),
  };
  const registry = new Registry();
  const { log, lines } = logSink();
  const metrics = traceMetrics(registry);
  const queue = new ExportQueue(exporter, metrics, log);
  const counted = async () => {
    const { values } = await metrics.spans.get();
    return Object.fromEntries(values.map(({ labels, value }) => [labels.outcome, value]));
  };
  return { queue, batches, lines, counted };
}

describe('shared/trace/export-queue', () => {
  it('sends in batches, and what is left at the stop', async () => {
    const { queue, batches, counted } = queueBefore((done) => done({ code: 0 }));
    for (let at = 0; at < 600; at++) queue.onEnd(span);
    await queue.shutdown();
    expect(batches).to.deep.equal([512, 88]);
    expect(await counted()).to.include({ exported: 600 });
  });

  it('drops and counts what comes while too much waits, and does not wait for an exporter that hangs', async () => {
    const { queue, batches, counted } = queueBefore(() => {});
    for (let at = 0; at < 512 + 2048 + 40; at++) queue.onEnd(span);
    expect(await counted()).to.deep.equal({ dropped: 40 });
    const started = performance.now();
    await queue.shutdown();
    expect(performance.now() - started).to.be.lessThan(2000);
    expect(batches).to.deep.equal([512]);
    expect(await counted()).to.deep.equal({ dropped: 40 + 2048 });
  });

  it('counts what the collector does not take, warns once, and does not ask it again at the stop', async () => {
    const error = new Error('UNAVAILABLE');
    const { queue, batches, lines, counted } = queueBefore((done) => done({ code: 1, error }));
    for (let at = 0; at < 1024; at++) queue.onEnd(span);
    await until('both batches', () => batches.length === 2);
    queue.onEnd(span);
    await queue.shutdown();
    expect(batches).to.deep.equal([512, 512]);
    expect(await counted()).to.deep.equal({ failed: 1024, dropped: 1 });
    expect(lines.map(({ level, msg, error }) => [level, msg, error])).to.deep.equal([
      ['warn', 'the collector does not take traces', 'UNAVAILABLE'],
    ]);
  });
});
