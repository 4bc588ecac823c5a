import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { UnavailableError } from '#shared/errors.ts';
import { transaction } from './sqlite-rows.ts';

/** How often writes that find the file locked try again, in milliseconds. */
const retryEvery = 20;

/** Writes in one transaction, at most: a few milliseconds in which nothing else is done. */
const mostTogether = 128;

/**
 * How long nothing is written after a transaction that several shared, in milliseconds, unless as many as may share one wait already: while
 * calls come one by one without a pause, each would wait for the disk by itself. Who writes one after the other never waits for this.
 */
const restAfterSeveral = 5;

interface Waiting<T> {
  readonly write: () => T;
  readonly since: number;
  readonly resolve: (written: T) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs writes in transactions: those that come in the same turn of the event loop, and those that come while the disk is
 * waited for, share one, and so one wait for the disk. While they come without a pause, it takes them all every few milliseconds.
 * Each is acknowledged when that transaction is durable, and none before.
 *
 * A write that refuses leaves nothing behind. One that throws takes the others with it, for SQLite may have undone all of them:
 * then each runs again, in a transaction of its own, so that the error is the error of its own call.
 */
export class GroupCommit<T> {
  readonly #database: DatabaseSync;
  readonly #patience: number;
  readonly #committed: (written: readonly T[]) => void;
  readonly #waiting: Waiting<T>[] = [];
  #running = false;

  /**
   * @param patience how long a write may wait for another program that writes, in milliseconds
   * @param committed called after each transaction
   */
  constructor(database: DatabaseSync, patience: number, committed: (written: readonly T[]) => void) {
    this.#database = database;
    this.#patience = patience;
    this.#committed = committed;
  }

  /** @throws {UnavailableError} when the disk is full or the file stays locked: nothing was written */
  run(write: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, since: performance.now(), resolve, reject });
      if (this.#running) return;
      this.#running = true;
      // After this turn's other calls have been read.
      setImmediate(() => void this.#work());
    });
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, mostTogether);
      if (!(await this.#commit(group)) && group.length > 1)
        for (const one of group) await this.#commit([one]);
      // The calls that came meanwhile are read before the next group is taken.
      await new Promise(setImmediate);
      if (group.length > 1 && this.#waiting.length < mostTogether) await pause(restAfterSeveral);
    }
    this.#running = false;
  }

  /** false when it failed; who wrote alone has been told, the others have not. */
  async #commit(group: readonly Waiting<T>[]): Promise<boolean> {
    const until = (group[0]?.since ?? 0) + this.#patience;
    let acknowledged: readonly { readonly written: T; readonly acknowledge: () => void }[];
    try {
      acknowledged = await patiently(until, () =>
        transaction(this.#database, () =>
          group.map(({ write, resolve }) => {
            const written = write();
            return { written, acknowledge: () => resolve(written) };
          }),
        ),
      );
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      return false;
    }
    for (const { acknowledge } of acknowledged) acknowledge();
    this.#committed(acknowledged.map(({ written }) => written));
    return true;
  }
}

/** Does what finds the file locked again and again, until it does not or the time is over. */
async function patiently<T>(until: number, work: () => T): Promise<T> {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isLocked(error) || performance.now() >= until) throw error;
      await pause(retryEvery);
    }
  }
}

const SQLITE_BUSY = 5;

function isLocked(error: unknown): boolean {
  const { cause } = error instanceof UnavailableError ? error : {};
  return cause instanceof Error && 'errcode' in cause && (Number(cause.errcode) & 0xff) === SQLITE_BUSY;
}
