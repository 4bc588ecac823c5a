import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, SmeeError } from '../errors.ts';
import type { WatchHardwareResponse__Output as Batch } from '../generated/smee/hardware/v1/WatchHardwareResponse.ts';
import type { Ip4 } from '../ip4.ts';
import type { Log } from '../log.ts';
import type { Mac } from '../mac.ts';
import type { Readiness } from '../ops.ts';
import { RateLimit } from '../rate-limit.ts';
import type { Context } from '../run.ts';
import { Backoff, type BackoffLimits } from './backoff.ts';
import { type ClientOptions, connectHardware } from './client.ts';
import type { Machine, Machines } from './machine.ts';
import { type ReplicaMetrics, replicaMetrics } from './replica-metrics.ts';
import type { ReplicaSettings } from './replica-settings.ts';
import { ReplicaState, type ReportRecord, type Taken } from './replica-state.ts';
import { readSnapshot } from './snapshot.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';
import { type Ended, watchOnce } from './watch.ts';

/** All hardware records in memory, kept current for as long as it lives, and answering all the while. */
export interface Replica extends Machines, AsyncDisposable {
  /** Of the store, as far as the replica has come; 0 before there was any content. */
  readonly revision: number;
  /** The watch is in sync. */
  readonly connected: boolean;
  /** How many records. */
  readonly size: number;
  readiness(): Readiness;
}

/** What tests make faster. */
export interface ReplicaTuning extends ClientOptions {
  readonly backoff?: BackoffLimits;
  /** From 0 to 1. */
  readonly random?: () => number;
  /** See {@link watchOnce}. */
  readonly answerWithinMs?: number;
  readonly snapshotAfterMs?: number;
}

/**
 * Starts a replica of the hardware records. Resolves when the snapshot file has been tried, and syncs in the background
 * from then on: a hardware service that is down, slow, replaced or emptied is logged once and never stops the caller.
 *
 * @param name whose replica it is; names the snapshot file
 * @throws {ConfigError} when a token or certificate file cannot be used
 */
export async function startReplica(
  context: Context<ReplicaSettings>,
  name: string,
  tuning: ReplicaTuning = {},
): Promise<Replica> {
  const replica = new WatchedReplica(context, name, tuning);
  await replica.start();
  return replica;
}

class WatchedReplica implements Replica {
  readonly #settings: ReplicaSettings;
  readonly #tuning: ReplicaTuning;
  readonly #log: Log;
  readonly #metrics: ReplicaMetrics;
  readonly #where: string;
  readonly #snapshotFile: string;
  readonly #keeper: SnapshotKeeper;
  readonly #state: ReplicaState;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #connected = false;
  /** When the content was last known to be current, in milliseconds since 1970. */
  #currentAt: number | undefined;
  /** The code of the failure that was logged last; undefined while in sync. */
  #announced: string | undefined;

  constructor({ settings, log, metrics }: Context<ReplicaSettings>, name: string, tuning: ReplicaTuning) {
    this.#settings = settings;
    this.#tuning = tuning;
    this.#log = log;
    this.#metrics = replicaMetrics(metrics, () => this.#age());
    this.#where = `${settings.hardwareAddr.host}:${settings.hardwareAddr.port}`;
    this.#snapshotFile = join(settings.snapshotDir, `${name}.jsonl`);
    this.#state = new ReplicaState(reporter(log, this.#metrics));
    this.#keeper = new SnapshotKeeper({
      path: this.#snapshotFile,
      afterMs: tuning.snapshotAfterMs ?? 1000,
      take: () => ({
        ...(this.#state.reached ?? { storeId: '', revision: 0 }),
        currentAt: this.#connected ? Date.now() : (this.#currentAt ?? 0),
        records: this.#state.index.records(),
      }),
      onError: (error) => this.#snapshotFailed(error),
    });
  }

  get ready(): boolean {
    return this.#state.reached !== undefined;
  }

  get revision(): number {
    return this.#state.reached?.revision ?? 0;
  }

  get connected(): boolean {
    return this.#connected;
  }

  get size(): number {
    return this.#state.index.size;
  }

  readonly readiness = (): Readiness =>
    this.ready
      ? { ready: true }
      : {
          ready: false,
          why: `no hardware records yet: neither a first sync with ${this.#where} nor a snapshot in ${this.#snapshotFile}`,
        };

  byMac(mac: Mac): Machine | undefined {
    return this.#state.index.byMac(mac);
  }

  byIp(address: Ip4): readonly Machine[] {
    return this.#state.index.byIp(address);
  }

  async start(): Promise<void> {
    // Files that cannot be used are the operator's error: said now, not at every attempt.
    connectHardware(this.#settings)[Symbol.dispose]();
    await this.#loadSnapshot();
    this.#running = this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#keeper[Symbol.asyncDispose]();
  }

  async #loadSnapshot(): Promise<void> {
    try {
      const snapshot = await readSnapshot(this.#snapshotFile);
      if (snapshot === undefined) return;
      this.#state.load(snapshot);
      this.#currentAt = snapshot.currentAt;
      this.#measure();
      const { revision, records } = snapshot;
      this.#log.info(
        { revision, records: records.length, ageSeconds: Math.round(this.#age()) },
        'snapshot loaded',
      );
    } catch (error) {
      this.#snapshotFailed(error);
    }
  }

  async #run(): Promise<void> {
    const limits = this.#tuning.backoff ?? { min: 100, max: 5000 };
    const backoff = new Backoff(limits, this.#tuning.random);
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const started = performance.now();
      const ended = await this.#watch();
      if (ended.how === 'aborted') return;
      // A server that accepts us and falls over at once is no success.
      const wasHealthy = this.#connected && performance.now() - started > limits.max;
      this.#lost();
      if (ended.how === 'start-over') this.#startOver(ended.why);
      else this.#announceLoss(ended.error);
      if (wasHealthy) backoff.reset();
      await sleep(backoff.next(), undefined, { signal }).catch(() => undefined);
    }
  }

  /** A new connection each time: with the credentials and the address of now, not of the last attempt. */
  async #watch(): Promise<Ended> {
    const since = this.#state.begin();
    try {
      using client = connectHardware(this.#settings, this.#tuning);
      return await watchOnce(client, {
        since,
        where: this.#where,
        answerWithinMs: this.#tuning.answerWithinMs ?? 10_000,
        signal: this.#stop.signal,
        take: (batch) => this.#take(batch, since.revision),
      });
    } catch (error) {
      return {
        how: 'lost',
        error: error instanceof SmeeError ? error : new SmeeError('broken', messageOf(error)),
      };
    }
  }

  #take(batch: Batch, since: number): Taken {
    const before = this.revision;
    const taken = this.#state.take(batch);
    const justSynced = taken.now === 'synced' && !this.#connected;
    if (justSynced) this.#synced(since);
    if (this.revision !== before || (justSynced && since === 0)) this.#keeper.changed();
    this.#measure();
    return taken;
  }

  #synced(since: number): void {
    this.#connected = true;
    this.#announced = undefined;
    const { revision, size: records } = this;
    this.#log.info({ server: this.#where, revision, records, since }, since === 0 ? 'synced' : 'resumed');
  }

  #lost(): void {
    if (this.#connected) this.#currentAt = Date.now();
    this.#connected = false;
    this.#measure();
  }

  #startOver(why: string): void {
    this.#state.startOver();
    this.#metrics.restarts.inc();
    this.#log.warn(
      { server: this.#where, why, revision: this.revision },
      'starting over; the old records answer until then',
    );
  }

  /** Once per outage, and again only when it fails in another way. */
  #announceLoss(error: SmeeError): void {
    this.#metrics.reconnects.inc();
    const level = this.#announced === error.code ? 'debug' : 'warn';
    this.#announced = error.code;
    this.#log[level](
      {
        server: this.#where,
        error: error.message,
        code: error.code,
        revision: this.revision,
        ready: this.ready,
      },
      'hardware service lost; trying again until it is back',
    );
  }

  #snapshotFailed(error: unknown): void {
    this.#metrics.snapshotErrors.inc();
    this.#log.error({ file: this.#snapshotFile, error: messageOf(error) }, 'snapshot failed');
  }

  #age(): number {
    if (this.#connected) return 0;
    if (this.#currentAt === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(0, (Date.now() - this.#currentAt) / 1000);
  }

  #measure(): void {
    this.#metrics.revision.set(this.revision);
    this.#metrics.records.set(this.size);
    this.#metrics.connected.set(this.#connected ? 1 : 0);
  }
}

/** Logs the fields that were left out, record by record, but not a hundred thousand at once. */
function reporter(log: Log, metrics: ReplicaMetrics): ReportRecord {
  const limit = new RateLimit(1, 20);
  return (name, { machines, problems }) => {
    metrics.problems.inc(problems.length);
    if (!limit.allow()) return;
    const left = problems.slice(0, 10).map(({ field, what }) => `${field} ${what}`);
    const suppressed = limit.takeSuppressed();
    log.warn({ record: name, mac: machines[0]?.dhcp.mac, problems: left, suppressed }, 'fields left out');
  };
}
