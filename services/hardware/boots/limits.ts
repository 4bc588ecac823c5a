import type { HardwareSettings } from '../config.ts';

/** How much is kept, and how fast. Times in milliseconds. */
export interface BootLimits {
  readonly eventsPerMachine: number;
  readonly events: number;
  readonly boots: number;
  /** Machines without a record, whose last boot is kept: anybody can make up MACs. */
  readonly strangers: number;
  readonly age: number;
  /** Machines with a boot under way that are held in memory. */
  readonly machines: number;
  /** Events that wait to be written; more are dropped. */
  readonly waiting: number;
  /** Events that wait to be told whose they are, and for how long. */
  readonly ownerless: number;
  readonly ownerlessFor: number;
  /** Between two transactions. */
  readonly flushEvery: number;
  /** Between two looks at what time has changed. */
  readonly sweepEvery: number;
}

export function bootLimits(settings: HardwareSettings): BootLimits {
  const events = settings.bootsEvents;
  return {
    eventsPerMachine: settings.bootsEventsPerMachine,
    events,
    // A boot is ten events at least, where it is one.
    boots: Math.max(1000, Math.ceil(events / 10)),
    strangers: 10_000,
    age: settings.bootsAge,
    machines: 20_000,
    waiting: 50_000,
    ownerless: 4096,
    ownerlessFor: 2000,
    flushEvery: 50,
    sweepEvery: 1000,
  };
}
