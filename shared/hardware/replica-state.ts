import type { Position } from './client.ts';
import { type Converted, toMachines } from './convert.ts';
import { MachineIndex } from './machine-index.ts';
import type { Snapshot } from './snapshot.ts';
import type { WatchBatch, WatchEvent } from './wire/batch.ts';

/** What a batch did: `start-over` means that the watch cannot be continued and has to begin with a snapshot. */
export type Taken =
  | { readonly now: 'catching-up' | 'synced' }
  | { readonly now: 'start-over'; readonly why: string };

/** Told about the fields of a record that were left out. */
export type ReportRecord = (name: string, converted: Converted) => void;

/**
 * What the replica knows and how far it has come: pure, fed with batches. While a snapshot comes in, the old content keeps
 * answering; SYNCED swaps the new one in whole.
 */
export class ReplicaState {
  readonly #report: ReportRecord;
  #index = new MachineIndex();
  #reached: Position | undefined;
  /** Fills up while a snapshot comes in. */
  #fresh: MachineIndex | undefined;
  #resume = false;
  #synced = false;

  constructor(report: ReportRecord) {
    this.#report = report;
  }

  get index(): MachineIndex {
    return this.#index;
  }

  /** How far the content is; undefined before there was any. */
  get reached(): Position | undefined {
    return this.#reached;
  }

  load({ storeId, revision, records }: Snapshot): void {
    for (const record of records) this.#index.put(record);
    this.#reached = { storeId, revision };
    this.#resume = true;
  }

  /** A new watch begins. @returns what to ask for */
  begin(): Position {
    this.#synced = false;
    const since = this.#resume ? this.#reached : undefined;
    // Who asks from revision 0 is sent a snapshot, in the order of names: it is no sequence of changes.
    this.#fresh = since === undefined || since.revision === 0 ? new MachineIndex() : undefined;
    return since ?? { storeId: '', revision: 0 };
  }

  /** The next watch begins with a snapshot; the content stays until that is complete. */
  startOver(): void {
    this.#resume = false;
  }

  take({ storeId, events }: WatchBatch): Taken {
    const since = this.#fresh === undefined ? this.#reached : undefined;
    if (since !== undefined && storeId !== since.storeId) return startOver('another store answers');
    for (const event of events) {
      const { revision } = event;
      if (event.type === 'SYNCED') {
        if (since !== undefined && revision < since.revision)
          return startOver("the store's revision went back");
        this.#sync({ storeId, revision });
      } else if (this.#fresh !== undefined) this.#apply(this.#fresh, event);
      // What was seen before the connection was lost may come once more.
      else if (this.#reached !== undefined && revision > this.#reached.revision) {
        this.#apply(this.#index, event);
        this.#reached = { storeId, revision };
      }
    }
    return { now: this.#synced ? 'synced' : 'catching-up' };
  }

  #sync(reached: Position): void {
    if (this.#fresh !== undefined) this.#index = this.#fresh;
    this.#fresh = undefined;
    this.#reached = reached;
    this.#resume = true;
    this.#synced = true;
  }

  #apply(index: MachineIndex, { type, hardware }: WatchEvent): void {
    const name = hardware?.name;
    if (hardware === undefined || name === undefined) return;
    if (type === 'DELETED') index.delete(name);
    else if (type === 'ADDED' || type === 'MODIFIED') {
      const converted = toMachines(hardware);
      index.put({ name, machines: converted.machines });
      if (converted.problems.length > 0) this.#report(name, converted);
    }
  }
}

function startOver(why: string): Taken {
  return { now: 'start-over', why };
}
