import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, SmeeError } from '../errors.ts';
import type { ClientOptions } from '../grpc/channel.ts';
import type { Ip4 } from '../ip4.ts';
import type { Mac } from '../mac.ts';
import type { Readiness } from '../ops.ts';
import type { Context } from '../run.ts';
import { Backoff, type BackoffLimits } from './backoff.ts';
import { connectHardware } from './client.ts';
import type { Machine, Machines } from './machine.ts';
import { noRecords } from './no-records.ts';
import type { ReplicaSettings } from './replica-settings.ts';
import { ReplicaState, type Taken } from './replica-state.ts';
import { ReplicaTelemetry } from './replica-telemetry.ts';
import { readSnapshot } from './snapshot.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';
import { type Ended, watchOnce } from './watch.ts';
import type { WatchBatch } from './wire/batch.ts';

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
  if (context.settings.noopEnabled) return noRecords;
  const replica = new WatchedReplica(context, name, tuning);
  await replica.start();
  return replica;
}

class WatchedReplica implements Replica {
  readonly #settings: ReplicaSettings;
  readonly #tuning: ReplicaTuning;
  readonly #telemetry: ReplicaTelemetry;
  readonly #where: string;
  readonly #snapshotFile: string;
  readonly #keeper: SnapshotKeeper;
  readonly #state: ReplicaState;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #connected = false;
  /** When the content was last known to be current, in milliseconds since 1970. */
  #currentAt: number | undefined;

  constructor({ settings, log, metrics }: Context<ReplicaSettings>, name: string, tuning: ReplicaTuning) {
    this.#settings = settings;
    this.#tuning = tuning;
    this.#where = `${settings.hardwareAddr.host}:${settings.hardwareAddr.port}`;
    // Absolute: below a working folder that is gone, Node would try for ever to make it.
    this.#snapshotFile = resolve(settings.snapshotDir, `${name}.jsonl`);
    this.#telemetry = new ReplicaTelemetry(log.child({ server: this.#where }), metrics, () => this.#age());
    this.#state = new ReplicaState((record, converted) => this.#telemetry.leftOut(record, converted));
    this.#keeper = new SnapshotKeeper({
      path: this.#snapshotFile,
      afterMs: tuning.snapshotAfterMs ?? 1000,
      take: () => ({
        ...(this.#state.reached ?? { storeId: '', revision: 0 }),
        currentAt: this.#connected ? Date.now() : (this.#currentAt ?? 0),
        records: this.#state.index.records(),
      }),
      onError: (error) => this.#telemetry.snapshotFailed(this.#snapshotFile, error),
    });
  }

  get ready(): boolean {
    return this.#state.reached !== undefined;
  }

  get revision(): number {
    return this.#state.reached?.revision ?? 0;
  }

  get version(): number {
    return this.#state.index.version;
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
    this.#lost();
    await this.#keeper[Symbol.asyncDispose]();
  }

  async #loadSnapshot(): Promise<void> {
    try {
      const snapshot = await readSnapshot(this.#snapshotFile);
      if (snapshot === undefined) return;
      this.#state.load(snapshot);
      this.#currentAt = snapshot.currentAt;
      this.#telemetry.measure(this);
      this.#telemetry.loaded(snapshot, this.#age());
    } catch (error) {
      this.#telemetry.snapshotFailed(this.#snapshotFile, error);
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
      if (ended.how === 'lost') this.#telemetry.lost(ended.error, this);
      else {
        this.#state.startOver();
        this.#telemetry.startingOver(ended.why, this);
      }
      if (wasHealthy) backoff.reset();
      await sleep(backoff.next(), undefined, { signal }).catch(() => undefined);
    }
  }

  /** A new connection each time: with the credentials and the address of now, not of the last attempt. */
  async #watch(): Promise<Ended> {
    const since = this.#state.begin();
    try {
      using client = connectHardware(this.#settings, this.#tuning);
      return await watchOnce({
        open: () => client.watchMachines(since),
        where: this.#where,
        // Longer than two slow answers: a server that takes seconds for each is slow, not gone.
        answerWithinMs: this.#tuning.answerWithinMs ?? 30_000,
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

  #take(batch: WatchBatch, since: number): Taken {
    const before = this.revision;
    const taken = this.#state.take(batch);
    const justSynced = taken.now === 'synced' && !this.#connected;
    if (justSynced) {
      this.#connected = true;
      this.#telemetry.synced(since, this);
    }
    if (this.revision !== before || (justSynced && since === 0)) this.#keeper.changed();
    this.#telemetry.measure(this);
    return taken;
  }

  #lost(): void {
    if (this.#connected) this.#currentAt = Date.now();
    this.#connected = false;
    this.#telemetry.measure(this);
  }

  #age(): number {
    if (this.#connected) return 0;
    if (this.#currentAt === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(0, (Date.now() - this.#currentAt) / 1000);
  }
}
