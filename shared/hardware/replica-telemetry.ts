import type { Registry } from 'prom-client';
import { messageOf, type SmeeError } from '../errors.ts';
import type { Log } from '../log.ts';
import { RateLimit } from '../rate-limit.ts';
import type { Converted } from './convert.ts';
import { type ReplicaMetrics, replicaMetrics } from './replica-metrics.ts';
import type { Snapshot } from './snapshot.ts';

/** How far the replica is. */
interface Progress {
  readonly revision: number;
  readonly size: number;
  readonly connected: boolean;
  readonly ready: boolean;
}

/** What the replica says about itself: a line for each change of its state, none for each attempt; and its metrics. */
export class ReplicaTelemetry {
  readonly #log: Log;
  readonly #metrics: ReplicaMetrics;
  /** One bad edit can spoil a hundred thousand records. */
  readonly #leftOutLimit = new RateLimit(1, 20);
  /** The code of the failure that was logged last; undefined while in sync. */
  #announced: string | undefined;

  /** @param age see {@link replicaMetrics} */
  constructor(log: Log, registry: Registry, age: () => number) {
    this.#log = log;
    this.#metrics = replicaMetrics(registry, age);
  }

  measure({ revision, size, connected }: Progress): void {
    this.#metrics.revision.set(revision);
    this.#metrics.records.set(size);
    this.#metrics.connected.set(connected ? 1 : 0);
  }

  loaded({ revision, records }: Snapshot, age: number): void {
    this.#log.info({ revision, records: records.length, ageSeconds: Math.round(age) }, 'snapshot loaded');
  }

  synced(since: number, { revision, size: records }: Progress): void {
    this.#announced = undefined;
    this.#log.info({ revision, records, since }, since === 0 ? 'synced' : 'resumed');
  }

  startingOver(why: string, { revision }: Progress): void {
    this.#metrics.restarts.inc();
    this.#log.warn(
      { error: why, revision },
      'starting over; the old records answer until the new ones are complete',
    );
  }

  /** Once per outage, and again only when it fails in another way. */
  lost({ code, message }: SmeeError, { revision, ready }: Progress): void {
    this.#metrics.reconnects.inc();
    const level = this.#announced === code ? 'debug' : 'warn';
    this.#announced = code;
    this.#log[level](
      { error: message, code, revision, ready },
      'hardware service lost; trying again until it is back',
    );
  }

  snapshotFailed(file: string, error: unknown): void {
    this.#metrics.snapshotErrors.inc();
    this.#log.error({ file, error: messageOf(error) }, 'snapshot failed');
  }

  /** The fields of a record that could not be read. */
  leftOut(record: string, { machines, problems }: Converted): void {
    this.#metrics.problems.inc(problems.length);
    if (!this.#leftOutLimit.allow()) return;
    const shown = problems.slice(0, 10).map(({ field, what }) => `${field} ${what}`);
    const suppressed = this.#leftOutLimit.takeSuppressed();
    this.#log.warn({ record, mac: machines[0]?.dhcp.mac, problems: shown, suppressed }, 'fields left out');
  }
}
