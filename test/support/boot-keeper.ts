import { DatabaseSync } from 'node:sqlite';
import { readSettings } from '#shared/config.ts';
import type { Gap } from '#shared/events/gap.ts';
import type { BootEvent, BootEvent__Output } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import { decodeBoot, decodeEvent } from '../../services/hardware/boots/codec.ts';
import { BootKeeper } from '../../services/hardware/boots/keeper.ts';
import { type BootLimits, bootLimits } from '../../services/hardware/boots/limits.ts';
import { bootMigrations } from '../../services/hardware/boots/schema.ts';
import { hardwareSettings } from '../../services/hardware/config.ts';
import { migrate } from '../../services/hardware/store/schema.ts';
import { logSink } from './log-sink.ts';

/** A database as the keeper wants it, in memory. */
function memoryDatabase(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  migrate(database, bootMigrations);
  return database;
}

/** A keeper whose clock and whose flushes are the test's, and what it keeps. */
export class TestKeeper implements Disposable {
  readonly keeper: BootKeeper;
  readonly counts = new Map<string, number>();
  readonly names = new Map<string, string>();
  readonly missed: Gap[] = [];
  readonly sink = logSink('hardware');
  now: number;

  constructor(now: number, limits: Partial<BootLimits> = {}, database = memoryDatabase()) {
    this.now = now;
    const never = 0x7fff_ffff;
    const usual = bootLimits(readSettings(hardwareSettings, { env: {}, args: [] }));
    this.keeper = new BootKeeper({
      database,
      limits: { ...usual, flushEvery: never, sweepEvery: never, ...limits },
      nameOf: (mac) => this.names.get(mac) ?? '',
      missed: (gap) => this.missed.push(gap),
      count: (fate, events) => this.counts.set(fate, (this.counts.get(fate) ?? 0) + events),
      log: this.sink.log,
      now: () => this.now,
    });
  }

  /** Tells events, which are written at once. */
  tell(...events: readonly BootEvent[]): void {
    for (const event of events)
      this.keeper.accept(event as BootEvent__Output, { service: 'dhcp', instance: 'test' });
    this.keeper.flush();
  }

  /** Every boot that is kept, in the order of their beginnings. */
  get boots() {
    const all = this.keeper.boots
      .changed(0, 1_000_000)
      .toSorted((a, b) => a.start - b.start || (a.mac < b.mac ? -1 : 1));
    return all.map((row) => ({ row, ...decodeBoot(row.body)! }));
  }

  /** What each event said, by the boot that it belongs to. */
  get told(): ReadonlyMap<number, readonly BootEvent__Output[]> {
    const events = this.keeper.events.after(0, 1_000_000);
    return Map.groupBy(
      events.map(({ boot, body }) => ({ ...decodeEvent(body)!, bootId: boot })),
      ({ bootId }) => bootId,
    );
  }

  [Symbol.dispose](): void {
    this.keeper[Symbol.dispose]();
  }
}
