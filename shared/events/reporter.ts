import { hostname } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { settingsText } from '../config-text.ts';
import { messageOf, SmeeError } from '../errors.ts';
import { Backoff, type BackoffLimits } from '../hardware/backoff.ts';
import type { Context } from '../run.ts';
import { EventBudget, isMissed } from './budget.ts';
import type { BootEvent, Facts, Reporter } from './event.ts';
import { Missing } from './gap.ts';
import { toGap, toMessage } from './message.ts';
import { eventMetrics } from './metrics.ts';
import { loopUtilization, Pace } from './pace.ts';
import { EventQueue } from './queue.ts';
import { ReportLog } from './report-log.ts';
import { type Ended, ReportStream } from './report-stream.ts';
import type { ReportSettings } from './settings.ts';

/** Events that may wait, about half a kilobyte each: three of each of ten thousand machines that boot at once. */
const mayWait = 32_768;

/** How often there is a round of telling, in milliseconds. */
const tellEvery = 100;

/**
 * A round is told in messages of so many events, so many milliseconds apart: answers wait while a message is made, and the hardware
 * service has work for as long as both of them share processors.
 */
export const messageSize = 32;
const pauseBetween = 5;

/** How often the facts are looked at, in milliseconds. */
const lookEvery = 5000;

/** How long the last events may take at a stop, in milliseconds. */
const flushWithin = 1000;

/** What tests make faster or smaller. */
interface ReporterTuning {
  readonly backoff?: BackoffLimits;
  readonly mayWait?: number;
  readonly lookEvery?: number;
}

/** Who tells. */
interface Teller {
  /** dhcp, tftp, http or syslog. */
  readonly service: string;
  /** By what it decides. */
  readonly settings: ReturnType<typeof settingsText>;
}

/**
 * Tells the hardware service what happens, in the background and for as long as it lives. A hardware service that is down, slow
 * or has no such rpc costs events, never an answer. Undefined when nothing is to be told.
 */
export function startReporter(
  context: Context<ReportSettings>,
  teller: Teller,
  tuning: ReporterTuning = {},
): Reporter | undefined {
  const { reportEvents, noopEnabled } = context.settings;
  return reportEvents && !noopEnabled ? new StreamReporter(context, teller, tuning) : undefined;
}

class StreamReporter implements Reporter {
  readonly #settings: ReportSettings;
  readonly #teller: Teller;
  readonly #log: ReportLog;
  readonly #budget = new EventBudget(() => performance.now());
  readonly #queue: EventQueue<BootEvent>;
  readonly #pace = new Pace(loopUtilization(), () => performance.now());
  readonly #counts: ReturnType<typeof eventMetrics>;
  readonly #backoff: BackoffLimits;
  readonly #lookEvery: number;
  readonly #running: Promise<void>;
  #look: Parameters<Reporter['know']>[0] = () => ({});
  #facts: Facts = {};
  #lookedAt = 0;
  /** Events that were not told since the last message; and those of them that a boot may lack. */
  #dropped = 0;
  readonly #missing = new Missing();
  #stream: ReportStream | undefined;
  #stopping = false;
  #wake = () => {};

  constructor({ settings, log, metrics }: Context<ReportSettings>, teller: Teller, tuning: ReporterTuning) {
    this.#settings = settings;
    this.#teller = teller;
    this.#log = new ReportLog(log);
    this.#queue = new EventQueue(tuning.mayWait ?? mayWait);
    this.#counts = eventMetrics(metrics, () => this.#queue.size);
    this.#backoff = tuning.backoff ?? { min: 200, max: 5000 };
    this.#lookEvery = tuning.lookEvery ?? lookEvery;
    this.#running = this.#run();
  }

  know(look: Parameters<Reporter['know']>[0]): void {
    this.#look = look;
  }

  tell(event: BootEvent): void {
    if (!this.#budget.admits(event)) {
      this.#counts.limited++;
      this.#dropped++;
      if (isMissed(event)) this.#missing.add(event);
      return;
    }
    const before = this.#queue.push(event);
    if (before !== undefined) this.#drop([before]);
  }

  /** What waits is told, as far as that goes within a second. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    this.#wake();
    const late = setTimeout(() => this.#stream?.[Symbol.dispose](), flushWithin);
    await this.#running;
    clearTimeout(late);
    this.#counts.dropped += this.#queue.size;
  }

  #drop(events: readonly BootEvent[]): void {
    if (events.length === 0) return;
    this.#counts.dropped += events.length;
    this.#dropped += events.length;
    for (const event of events) this.#missing.add(event);
    this.#log.dropped();
  }

  async #run(): Promise<void> {
    const backoff = new Backoff(this.#backoff);
    // What the service finds out while it starts goes into the first Hello.
    await this.#pause(tellEvery);
    do {
      const started = performance.now();
      this.#log.lost(await this.#report());
      if (performance.now() - started > this.#backoff.max) backoff.reset();
      if (!this.#stopping) await this.#pause(backoff.next());
    } while (!this.#stopping);
  }

  /** One stream, from its Hello to its end. Never rejects. */
  async #report(): Promise<Ended> {
    try {
      using stream = new ReportStream(this.#settings, () => this.#wake());
      this.#stream = stream;
      await this.#findFacts();
      if (await stream.send({ hello: this.#hello() })) await this.#tellAll(stream);
      return stream.ended ?? 'done';
    } catch (error) {
      return error instanceof SmeeError ? error : new SmeeError('broken', messageOf(error), { cause: error });
    }
  }

  async #tellAll(stream: ReportStream): Promise<void> {
    this.#log.connected();
    for (let began = performance.now(); await this.#tellInTime(stream); began = performance.now()) {
      if (this.#stopping ? this.#queue.size === 0 : await this.#isAnother()) {
        stream.finish();
        if (stream.ended === undefined) await this.#pause(flushWithin);
        return;
      }
      if (!this.#stopping) await this.#pause(Math.max(tellEvery - (performance.now() - began), pauseBetween));
    }
  }

  /** False when the stream has ended. */
  async #tellInTime(stream: ReportStream): Promise<boolean> {
    const allowed = this.#pace.allows(this.#queue.size / this.#queue.capacity);
    for (let left = this.#stopping ? messageSize : allowed; left > 0; left -= messageSize) {
      if (!(await this.#tellSome(stream, Math.min(left, messageSize)))) return false;
      if (this.#stopping || this.#queue.size === 0) break;
      if (left > messageSize) await this.#pause(pauseBetween);
    }
    return stream.ended === undefined;
  }

  /** The same. What it did not take waits for the next. */
  async #tellSome(stream: ReportStream, most: number): Promise<boolean> {
    const events = this.#queue.take(most);
    const dropped = this.#dropped;
    if (events.length === 0 && dropped === 0) return stream.ended === undefined;
    this.#dropped = 0;
    const gap = this.#missing.take();
    const sent = await stream.send({
      events: events.map(toMessage),
      dropped,
      ...(gap && { gap: toGap(gap) }),
    });
    if (sent) this.#counts.told += events.length;
    else {
      this.#dropped += dropped;
      this.#missing.putBack(gap);
      this.#drop(this.#queue.putBack(events));
    }
    return sent;
  }

  /** Whether there is something new to say hello with. */
  async #isAnother(): Promise<boolean> {
    if (performance.now() - this.#lookedAt < this.#lookEvery) return false;
    const before = this.#facts;
    await this.#findFacts();
    return !isDeepStrictEqual(before, this.#facts);
  }

  async #findFacts(): Promise<void> {
    this.#lookedAt = performance.now();
    try {
      this.#facts = await this.#look();
    } catch {
      // What cannot be looked at stays as it was; the service that serves it says so.
    }
  }

  #hello() {
    const { service, settings } = this.#teller;
    const { texts, withheld } = settings;
    const facts = {
      ...this.#facts,
      ...(withheld.length > 0 && { 'secrets-withheld': withheld.join(',') }),
    };
    return { service, instance: `${hostname()}:${process.pid}`, settings: texts, facts };
  }

  /** Until the time (milliseconds), the end of the stream, or the stop. */
  #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake = () => {
      clearTimeout(timer);
      resolve();
    };
    return promise;
  }
}
