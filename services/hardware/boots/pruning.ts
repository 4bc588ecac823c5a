import type { BootRows } from './boot-rows.ts';
import type { EventRows } from './event-rows.ts';
import type { BootLimits } from './limits.ts';

/** Rows that are deleted at a time beside what comes in, and in each sweep: each a few milliseconds. */
const beside = 64;
const perSweep = 500;

/** Events of one machine after which it is looked whether it has too many. */
const lookEvery = 64;

/** Machines whose events are counted for that at a time. */
const mostCounted = 50_000;

/** Keeps the database within its limits, a few rows at a time. Runs inside the keeper's transactions. */
export class Pruning {
  readonly #events: EventRows;
  readonly #boots: BootRows;
  readonly #limits: BootLimits;
  /** Events written since a machine was looked at last. */
  readonly #written = new Map<string, number>();
  /** Events that are kept. */
  events: number;

  constructor(events: EventRows, boots: BootRows, limits: BootLimits) {
    this.#events = events;
    this.#boots = boots;
    this.#limits = limits;
    this.events = events.count();
  }

  /** After events of these machines were written (empty: of nobody). */
  step(macs: readonly string[]): void {
    this.events += macs.length;
    for (const mac of macs) this.#crowded(mac);
    const over = this.events - this.#limits.events;
    if (over > 0) this.events -= this.#events.deleteOldest(Math.min(over, macs.length + beside));
  }

  /** What time has made too old, and who is too many. */
  sweep(now: number): void {
    const { age, boots, strangers, events } = this.#limits;
    this.events -= this.#events.deleteAged(now - age, perSweep);
    const over = this.events - events;
    if (over > 0) this.events -= this.#events.deleteOldest(Math.min(over, perSweep));
    this.#boots.deleteAged(now - age, perSweep);
    const unknown = this.#boots.summary().reduce((sum, { stranger, count }) => sum + stranger * count, 0);
    if (unknown > strangers) this.#boots.deleteStrangers(Math.min(unknown - strangers, perSweep));
    const tooMany = this.#boots.count() - boots;
    if (tooMany > 0) this.#boots.deleteAged(Number.MAX_SAFE_INTEGER, Math.min(tooMany, perSweep));
  }

  #crowded(mac: string): void {
    const written = (this.#written.get(mac) ?? 0) + 1;
    if (this.#written.size > mostCounted) this.#written.clear();
    if (mac !== '') this.#written.set(mac, written % lookEvery);
    if (mac === '' || written < lookEvery) return;
    this.#written.delete(mac);
    this.events -= this.#events.deleteCrowded(mac, this.#limits.eventsPerMachine, 2 * lookEvery);
  }
}
