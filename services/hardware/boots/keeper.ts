import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '#shared/errors.ts';
import type { BootEvent } from '#shared/events/event.ts';
import { type Gap, Missing } from '#shared/events/gap.ts';
import type { BootEvent__Output as Told } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import type { Log } from '#shared/log.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import { readEvent } from '../decide/boots/read-event.ts';
import { type BootRows, bootRows } from './boot-rows.ts';
import { encodeKept } from './codec.ts';
import { type EventRows, eventRows } from './event-rows.ts';
import { replaceFetch } from './kept-event.ts';
import type { BootLimits } from './limits.ts';
import { Names } from './names.ts';
import { Pruning } from './pruning.ts';
import { type Change, Tracks } from './tracks.ts';

/** Who reports. */
export interface Source {
  readonly service: string;
  readonly instance: string;
}

/** What became of an event. */
type Fate = 'stored' | 'refused' | 'dropped' | 'lost';

interface Waiting {
  readonly told: Told;
  readonly event: BootEvent;
  readonly source: Source;
  /** As it was told, where that is at hand. */
  readonly encoded: Uint8Array | undefined;
  readonly since: number;
}

interface Owned extends Waiting {
  readonly mac: string;
}

interface Parts {
  readonly database: DatabaseSync;
  readonly limits: BootLimits;
  /** The name of the record with a MAC; empty when there is none. */
  readonly nameOf: (mac: string) => string;
  readonly count: (fate: Fate, events: number) => void;
  /** Events were not kept, of some time. */
  readonly missed: (gap: Gap) => void;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Keeps what the services tell, and puts it together to boots. What comes in is written every few milliseconds, all of it in one
 * transaction; a transaction that fails loses events, and nothing else.
 */
export class BootKeeper implements Disposable {
  readonly events: EventRows;
  readonly boots: BootRows;
  readonly #parts: Parts;
  readonly #tracks: Tracks;
  readonly #pruning: Pruning;
  readonly #names: Names;
  readonly #listeners = new Set<() => void>();
  readonly #refusals = new RateLimit(1, 10);
  readonly #failures = new RateLimit(1, 10);
  readonly #sweeping: NodeJS.Timeout;
  #flushing: NodeJS.Timeout | undefined;
  #waiting: Waiting[] = [];
  #ownerless: Waiting[] = [];
  readonly #missing = new Missing();
  /** Machines whose boots were under way when the service stopped. */
  #unsettled: string[];
  #lastEvent: number;
  #lastBoot: number;
  #lastChange: number;

  constructor(parts: Parts) {
    const { database, limits, nameOf } = parts;
    this.#parts = parts;
    this.events = eventRows(database);
    this.boots = bootRows(database);
    this.#lastEvent = this.events.last();
    this.#lastBoot = this.boots.last();
    this.#lastChange = this.boots.lastChange();
    this.#unsettled = [...this.boots.open()];
    const { events, boots } = this;
    this.#names = new Names(boots, nameOf);
    this.#tracks = new Tracks({
      events,
      boots,
      nameOf: (mac) => this.#names.of(mac),
      newId: () => ++this.#lastBoot,
      machines: limits.machines,
    });
    this.#pruning = new Pruning(events, boots, limits);
    this.#sweeping = setInterval(() => this.sweep(), limits.sweepEvery).unref();
  }

  /** Of the last event that was written; and the number of the last change of a boot. */
  get lastEvent(): number {
    return this.#lastEvent;
  }

  get lastChange(): number {
    return this.#lastChange;
  }

  get kept(): number {
    return this.#pruning.events;
  }

  /** Calls back whenever something was written; gives back what ends that. */
  readonly onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes an event as a service told it. What is wrong with it is logged, and only the event is refused. */
  accept(told: Told, source: Source, encoded?: Uint8Array): void {
    const now = this.#parts.now();
    const event = readEvent(told, now);
    if (typeof event === 'string') this.#refuse(event, told, source);
    else if (this.#waiting.length >= this.#parts.limits.waiting) {
      this.#parts.count('dropped', 1);
      this.#missing.add(event);
    } else this.#waiting.push({ told, event, source, encoded, since: now });
    this.#flushing ??= setTimeout(() => this.#flushSome(), this.#parts.limits.flushEvery);
  }

  /** Writes all that waits, now. */
  flush(): void {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    do this.#writeSome();
    while (this.#waiting.length > 0 || this.#tracks.isBehind);
  }

  /** Writes a portion of what waits; the rest after whatever else there is to do: a storm must not hold up the records. */
  #flushSome(): void {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    this.#writeSome();
    const isMore = this.#waiting.length > 0 || this.#tracks.isBehind || this.#unsettled.length > 0;
    if (isMore) this.#flushing = setTimeout(() => this.#flushSome(), 1);
  }

  #writeSome(): void {
    const now = this.#parts.now();
    const coming = this.#waiting.splice(0, atOnce);
    // Later ones may tell whose they are.
    if (this.#waiting.length === 0) coming.unshift(...this.#ownerless.splice(0));
    try {
      for (const mac of this.#unsettled.splice(0, unsettledAtOnce)) this.#tracks.look(mac, now);
      // Those that say whose they are come first: they may tell it of the others.
      for (const { event } of coming) if (event.mac !== undefined) this.#tracks.add(event.mac, event, now);
      const owned = coming.flatMap((one) => this.#own(one, now));
      this.#write(owned, now);
    } catch (error) {
      // What a machine has already could not be read.
      this.#lose(coming, error);
    }
  }

  /** The records have changed, perhaps their names. */
  recordsChanged(): void {
    this.#names.lookAgain();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweeping);
    this.#ownerless = this.#ownerless.map((one) => ({ ...one, since: Number.NEGATIVE_INFINITY }));
    this.flush();
    this.#parts.database.close();
  }

  /** Whose it is; empty when nothing says so; nothing, as long as it may still be told. Our clock may go back meanwhile. */
  #own(one: Waiting, now: number): readonly Owned[] {
    const { event, since } = one;
    if (event.mac !== undefined) return [{ ...one, mac: event.mac }];
    const mac = this.#tracks.machineOf(event);
    if (mac !== undefined) {
      this.#tracks.add(mac, event, now);
      return [{ ...one, mac }];
    }
    const { ownerless, ownerlessFor } = this.#parts.limits;
    if (Math.abs(now - since) >= ownerlessFor || this.#ownerless.length >= ownerless)
      return [{ ...one, mac: '' }];
    this.#ownerless.push(one);
    return [];
  }

  #write(owned: readonly Owned[], now: number): void {
    const changes = this.#tracks.settle(now);
    if (owned.length + changes.length === 0) return;
    const lastEvent = this.#lastEvent;
    const lastChange = this.#lastChange;
    const kept = this.#pruning.events;
    try {
      this.#transaction(() => {
        for (const one of owned) this.#insert(one);
        for (const change of changes) this.#put(change);
        this.#pruning.step(owned.map(({ mac }) => mac));
      });
    } catch (error) {
      this.#lastEvent = lastEvent;
      this.#lastChange = lastChange;
      this.#pruning.events = kept;
      this.#lose(owned, error);
      return;
    }
    const gap = this.#missing.take();
    if (gap !== undefined) this.#parts.missed(gap);
    for (const { done } of changes) done();
    this.#parts.count('stored', owned.length);
    this.#tracks.forget(now);
    this.#tell();
  }

  #insert({ told, event, source, encoded, mac }: Owned): void {
    const { removed, isNews } = replaceFetch(this.events, event);
    this.#pruning.events -= isNews ? removed : removed + 1;
    if (!isNews) return;
    const machine = { mac, name: event.name ?? (mac === '' ? '' : this.#names.of(mac)) };
    const body = encodeKept(told, { machine, source }, encoded);
    const boot = mac === '' ? 0 : this.#tracks.bootOf(mac, event.at);
    const { at, fetch } = event;
    this.events.insert({ id: ++this.#lastEvent, at, mac, boot, body, fetch });
  }

  #put({ mac, rows, gone, moved }: Change): void {
    for (const id of gone) this.boots.remove(id);
    for (const { wentOn, ...row } of rows) {
      const changed = { ...row, change: ++this.#lastChange };
      if (wentOn && this.boots.goOn(changed)) continue;
      if (row.latest === 1) this.boots.supersede(mac, row.start);
      this.boots.put(changed);
    }
    for (const { id, start, next } of moved)
      this.events.move(id, mac, start, next ?? Number.MAX_SAFE_INTEGER);
  }

  /** What time alone has changed, names that have changed, what is too old. */
  sweep(): void {
    const now = this.#parts.now();
    this.#flushSome();
    this.#attempt(() => {
      for (const row of this.#names.next(() => ++this.#lastChange)) this.boots.put(row);
      this.#pruning.sweep(now);
    });
    this.#tracks.forget(now);
  }

  #attempt(work: () => void): void {
    try {
      this.#transaction(work);
      this.#tell();
    } catch (error) {
      this.#lose([], error);
    }
  }

  #transaction(work: () => void): void {
    const { database } = this.#parts;
    try {
      database.exec('BEGIN IMMEDIATE');
      work();
      database.exec('COMMIT');
    } catch (error) {
      if (database.isOpen && database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #lose(lost: readonly Waiting[], error: unknown): void {
    const { length: events } = lost;
    this.#parts.count('lost', events);
    for (const { event } of lost) this.#missing.add(event);
    if (!this.#failures.allow()) return;
    const suppressed = this.#failures.takeSuppressed() || undefined;
    this.#parts.log.error(
      { events, suppressed, error: messageOf(error) },
      'the boots cannot be written: events are lost',
    );
  }

  #refuse(problem: string, { stage }: Told, source: Source): void {
    this.#parts.count('refused', 1);
    if (!this.#refusals.allow()) return;
    const suppressed = this.#refusals.takeSuppressed() || undefined;
    this.#parts.log.warn({ from: source, stage, problem, suppressed }, 'an event is not kept');
  }
}

/** Events that are written at a time: about ten milliseconds. */
const atOnce = 128;

/** Boots that were under way when the service stopped, and are taken up again: so many at a time. */
const unsettledAtOnce = 16;
