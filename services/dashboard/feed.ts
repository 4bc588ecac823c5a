import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceError } from '@grpc/grpc-js';
import { messageOf, UnavailableError } from '#shared/errors.ts';
import type { BootClient } from '#shared/events/client.ts';
import type { WatchEventsResponse__Output as Batch } from '#shared/generated/smee/boot/v1/WatchEventsResponse.ts';
import { toError } from '#shared/grpc/errors.ts';
import { Backoff } from '#shared/hardware/backoff.ts';
import type { Log } from '#shared/log.ts';
import type { Audience, Listener } from './audience.ts';
import type { Limits } from './limits.ts';
import type { DashboardMetrics } from './metrics.ts';
import { Recent } from './recent.ts';
import type { Hello, Link, News } from './wire/api.ts';
import { toBoot, toEvent } from './wire/boots.ts';
import { sseMessage } from './wire/sse.ts';

export interface FeedParts {
  readonly boots: BootClient;
  readonly audience: Audience;
  readonly log: Log;
  readonly metrics: DashboardMetrics;
  readonly limits: Pick<Limits, 'recent' | 'tick'>;
  readonly writable: boolean;
}

/**
 * One watch of the hardware service's events for all browsers. It never ends: when the service is away, everybody is told,
 * and it is asked again until it is back.
 */
export class Feed implements AsyncDisposable {
  readonly #parts: FeedParts;
  readonly #recent: Recent;
  /** Tells the numbers of this process from those of an earlier one. */
  readonly #epoch = randomBytes(6).toString('hex');
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  readonly #ticks: NodeJS.Timeout;
  #link: Link = { connected: false, since: Date.now() };
  /** Undefined until the service has said it once. */
  #lastEvent: number | undefined;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    this.#recent = new Recent(parts.limits.recent);
    this.#ended = this.#run();
    this.#ticks = setInterval(() => this.#tick(), parts.limits.tick);
  }

  get link(): Link {
    return this.#link;
  }

  /** Goes on after what the browser saw last, or tells it to read everything anew. @param lastId Last-Event-ID */
  join(listener: Listener, lastId: string | undefined): void {
    const [epoch, seq] = lastId?.split('-') ?? [];
    const missed = epoch === this.#epoch ? this.#recent.after(Number(seq)) : undefined;
    if (missed === undefined) listener.write(Buffer.from(this.#hello()));
    else for (const text of missed) listener.write(text);
    this.#parts.audience.join(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#ticks);
    this.#stop.abort();
    this.#parts.audience.dismiss();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { log } = this.#parts;
    const backoff = new Backoff({ min: 250, max: 5000 });
    for (;;) {
      try {
        await this.#follow(() => backoff.reset());
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (this.#link.connected) log.warn({ error: messageOf(error) }, 'boot events are interrupted');
        else log.debug({ error: messageOf(error) }, 'no boot events yet');
        this.#setLink(false);
      }
      const waited = pause(backoff.next(), undefined, { signal: this.#stop.signal });
      if (
        !(await waited.then(
          () => true,
          () => false,
        ))
      )
        return;
    }
  }

  /** Rejects when the stream ends, however it does. */
  async #follow(connected: () => void): Promise<never> {
    const { boots, log } = this.#parts;
    const last = (await boots.list({ pageSize: 1 })).summary?.lastEventId ?? 0;
    const anotherStore = this.#lastEvent !== undefined && last < this.#lastEvent;
    if (this.#lastEvent === undefined || anotherStore) this.#lastEvent = last;
    this.#setLink(true);
    if (anotherStore) this.#tell('hello', this.#greeting());
    connected();
    log.info({ after: this.#lastEvent }, 'following boot events');
    return await this.#take(boots.watch({ afterId: this.#lastEvent }));
  }

  #take(stream: ReturnType<BootClient['watch']>): Promise<never> {
    return new Promise((_resolve, reject) => {
      const { signal } = this.#stop;
      const cancel = () => stream.cancel();
      const end = (error: unknown) => {
        signal.removeEventListener('abort', cancel);
        reject(error);
      };
      stream.on('data', (batch: Batch) => this.#publish(batch));
      stream.on('error', (error: ServiceError) => end(toError(error, 'its address')));
      stream.on('end', () => end(new UnavailableError('the hardware service ended the watch')));
      if (signal.aborted) cancel();
      else signal.addEventListener('abort', cancel, { once: true });
    });
  }

  #publish(batch: Batch): void {
    for (const { id = 0 } of batch.events) this.#lastEvent = Math.max(this.#lastEvent ?? 0, id);
    this.#parts.metrics.events.inc(batch.events.length);
    const news: News = { events: batch.events.map(toEvent), boots: batch.boots.map(toBoot) };
    this.#tell('news', news);
  }

  #setLink(connected: boolean): void {
    this.#parts.metrics.connected.set(connected ? 1 : 0);
    if (connected === this.#link.connected) return;
    this.#link = { connected, since: Date.now() };
    this.#tell('link', this.#link);
  }

  #tell(event: string, data: unknown): void {
    this.#parts.audience.tell(this.#recent.add((seq) => sseMessage(event, data, `${this.#epoch}-${seq}`)));
  }

  #hello(): string {
    // Who loses the stream is to come back after a second, not after the three that browsers wait by themselves.
    return `retry: 1000\n${sseMessage('hello', this.#greeting(), `${this.#epoch}-${this.#recent.seq}`)}`;
  }

  #greeting(): Hello {
    return { link: this.#link, now: Date.now(), writable: this.#parts.writable };
  }

  /** So that both sides notice a connection that is gone without a word. */
  #tick(): void {
    this.#parts.audience.tell(Buffer.from(sseMessage('tick', { now: Date.now() })));
  }
}
